#!/usr/bin/env python3
"""Echo over TCP for one client at a time. Usage: lab_01.py PORT"""
import socket
import sys


# ANCHOR: open
def listening_socket(port):
    sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("", port))
    sock.listen(1)
    return sock
# ANCHOR_END: open


# ANCHOR: converse
def converse(peer):
    data = peer.recv(1024)
    while data:
        peer.sendall(data)
        data = peer.recv(1024)
# ANCHOR_END: converse


# ANCHOR: loop
door = listening_socket(int(sys.argv[1]))
while True:
    peer, address = door.accept()
    print("+", address[0], address[1], flush=True)
    with peer:
        converse(peer)
    print("-", address[0], address[1], flush=True)
# ANCHOR_END: loop
