#!/usr/bin/env python3
"""Echo with select.epoll: the kernel keeps the list of the sockets, and hands out
those that are ready. Nothing waits but epoll.poll(). Usage: epoll_03.py PORT

Without a descriptor left it ends: it has no door that closes.
"""
import select
import socket
import sys


# ANCHOR: serve
class Client:
    def __init__(self, sock):
        sock.setblocking(False)
        self.sock = sock
        self.owed = b""
        self.watched = select.EPOLLIN


def serve(client):
    """Reads or writes, and never waits. False: the client is gone."""
    try:
        if client.owed == b"":
            client.owed = client.sock.recv(2048)
            if client.owed == b"":
                return False
        sent = client.sock.send(client.owed)
        client.owed = client.owed[sent:]
    except BlockingIOError:
        pass  # not now: epoll will say when
    except OSError:
        return False
    return True
# ANCHOR_END: serve


def welcome(server):
    try:
        return Client(server.accept()[0])
    except (BlockingIOError, ConnectionError):
        return None  # it has given up in the meantime


def main(port):
    server = socket.create_server(
        ("::", port), family=socket.AF_INET6, dualstack_ipv6=True
    )
    server.setblocking(False)
    # ANCHOR: loop
    epoll = select.epoll()
    epoll.register(server, select.EPOLLIN)
    clients = {}  # descriptor -> client
    while True:
        for fd, _ in epoll.poll():
            if fd == server.fileno():
                client = welcome(server)
                if client:
                    clients[client.sock.fileno()] = client
                    epoll.register(client.sock, client.watched)
            elif serve(clients[fd]):
                client = clients[fd]
                wanted = select.EPOLLOUT if client.owed else select.EPOLLIN
                if wanted != client.watched:
                    epoll.modify(fd, wanted)
                    client.watched = wanted
            else:
                # A socket that is closed leaves the kernel's list by itself.
                clients.pop(fd).sock.close()
    # ANCHOR_END: loop


main(int(sys.argv[1]))
