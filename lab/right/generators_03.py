#!/usr/bin/env python3
"""Echo with generators: each conversation is written as if it were alone, and says
by `yield` what it waits for; a loop around one select resumes them. What async
and await are made of. Usage: generators_03.py PORT

Without a descriptor left it accepts nobody any more: it has no door that closes.
"""
import selectors
import socket
import sys
from selectors import EVENT_READ, EVENT_WRITE


# ANCHOR: handle
def handle(client):
    with client:
        while True:
            yield client, EVENT_READ
            data = client.recv(2048)
            if data == b"":
                return
            while data != b"":
                yield client, EVENT_WRITE
                data = data[client.send(data):]
# ANCHOR_END: handle


# ANCHOR: accept
def accept(runtime, server):
    while True:
        yield server, EVENT_READ
        try:
            client, _ = server.accept()
        except (BlockingIOError, ConnectionError):
            continue  # it has given up in the meantime
        client.setblocking(False)
        runtime.resume(handle(client))
# ANCHOR_END: accept


# ANCHOR: runtime
class Runtime:
    def __init__(self):
        self.selector = selectors.DefaultSelector()

    def resume(self, task):
        """Lets a task go on to its next yield, and notes what it waits for."""
        try:
            sock, event = next(task)
        except (StopIteration, OSError):
            return  # the conversation is over, in one way or another
        self.selector.register(sock, event, task)

    def run(self):
        while True:
            for key, _ in self.selector.select():
                self.selector.unregister(key.fileobj)
                self.resume(key.data)
# ANCHOR_END: runtime


def main(port):
    server = socket.create_server(
        ("::", port), family=socket.AF_INET6, dualstack_ipv6=True
    )
    server.setblocking(False)
    runtime = Runtime()
    runtime.resume(accept(runtime, server))
    runtime.run()


main(int(sys.argv[1]))
