"""A client made with the Python library `irc`: does what the lines of stdin say,
writes what it hears on stdout."""

import select
import sys

import irc.client

port, nick = int(sys.argv[1]), sys.argv[2]
reactor = irc.client.Reactor()
connection = reactor.server().connect("127.0.0.1", port, nick)


def show(connection, event):
    print(event.type, event.source, event.target, event.arguments, flush=True)


reactor.add_global_handler("all_events", show)
while connection.is_connected():
    reactor.process_once(0.05)
    if not connection.is_connected():
        break
    if select.select([sys.stdin], [], [], 0)[0]:
        what, *words = sys.stdin.readline().split(" ", 2)
        words = [word.strip() for word in words]
        if what.strip() == "quit":
            connection.quit("bye")
        elif what:
            getattr(connection, what)(*words)
