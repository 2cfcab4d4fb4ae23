#!/usr/bin/env python3
"""Echo with the module selectors: non-blocking sockets, a buffer per client.

A client that doesn't take its echo isn't read any more until it does.
Usage: selectors_03.py PORT
"""
import selectors
import socket
import sys

LIMIT = 64 * 1024

selector = selectors.DefaultSelector()


class Echoer:
    def __init__(self, sock):
        sock.setblocking(False)
        self.sock = sock
        self.owed = bytearray()
        self.over = False  # the client has said its last byte
        selector.register(sock, selectors.EVENT_READ, self.ready)

    def ready(self, mask):
        try:
            if mask & selectors.EVENT_READ:
                chunk = self.sock.recv(8192)
                self.owed += chunk
                self.over = not chunk
            if self.owed:
                del self.owed[: self.sock.send(self.owed)]
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self.over = True
            self.owed.clear()
        wanted = 0
        if not self.over and len(self.owed) < LIMIT:
            wanted |= selectors.EVENT_READ
        if self.owed:
            wanted |= selectors.EVENT_WRITE
        if wanted:
            selector.modify(self.sock, wanted, self.ready)
        else:
            selector.unregister(self.sock)
            self.sock.close()


def welcome(_):
    try:
        Echoer(server.accept()[0])
    except (BlockingIOError, ConnectionError):
        pass


server = socket.create_server(
    ("::", int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True
)
server.setblocking(False)
selector.register(server, selectors.EVENT_READ, welcome)
while True:
    for key, mask in selector.select():
        key.data(mask)
