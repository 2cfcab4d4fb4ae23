#!/usr/bin/env python3
# Echo for many clients, one thread: select tells who has something to say.
import select
import socket
import sys

server = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("", int(sys.argv[1])))
server.listen(1)

# ANCHOR: loop
clients = []
while True:
    readable, _, _ = select.select(clients + [server], [], [])
    for sock in readable:
        if sock is server:
            newcomer, _ = server.accept()
            clients.append(newcomer)
            continue
        chunk = sock.recv(2048)
        if chunk:
            sock.sendall(chunk)
        else:
            clients.remove(sock)
            sock.close()
# ANCHOR_END: loop
