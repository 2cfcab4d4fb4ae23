#!/usr/bin/env python3
"""Echo with two listening sockets; the second one opens a while after the first.

Usage: one_by_one_03.py PORT
"""
import selectors
import socket
import sys
import time

selector = selectors.DefaultSelector()


def listen(family, address):
    server = socket.socket(family, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    server.bind((address, int(sys.argv[1])))
    server.listen(32)
    selector.register(server, selectors.EVENT_READ, accept)


def accept(server):
    selector.register(server.accept()[0], selectors.EVENT_READ, echo)


def echo(client):
    try:
        data = client.recv(4096)
        client.sendall(data)
    except OSError:
        data = b""
    if not data:
        selector.unregister(client)
        client.close()


listen(socket.AF_INET6, "::")
time.sleep(0.2)
listen(socket.AF_INET, "0.0.0.0")
while True:
    for key, _ in selector.select():
        key.data(key.fileobj)
