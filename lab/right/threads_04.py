#!/usr/bin/env python3
"""Chat, a thread per client, a lock around the list of clients.

Relays whole lines (and what comes before the end of file, newline or not).
Usage: threads_04.py PORT
"""
import socket
import sys
import threading

lock = threading.Lock()
clients = []


def broadcast(sender, line):
    with lock:
        for sock in clients:
            if sock is not sender:
                try:
                    sock.sendall(line)
                except OSError:
                    pass  # its own thread will notice


def attend(sock):
    with lock:
        clients.append(sock)
    try:
        with sock.makefile("rb") as incoming:
            for line in incoming:
                broadcast(sock, line)
    except ConnectionError:
        pass
    finally:
        with lock:
            clients.remove(sock)
        sock.close()


server = socket.create_server(
    ("", int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True, backlog=5
)
print(f"chat on port {sys.argv[1]}", flush=True)
while True:
    accepted, _ = server.accept()
    threading.Thread(target=attend, args=(accepted,), daemon=True).start()
