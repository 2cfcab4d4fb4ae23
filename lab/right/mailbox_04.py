#!/usr/bin/env python3
"""Chat, two threads per client: one reads lines and puts them into the mailboxes of
the others, the second writes what is in the client's own. Usage: mailbox_04.py PORT

A mailbox holds at most 1 MiB; whoever talks waits a moment while one is crowded.
"""
import socket
import sys
import threading
import time

MOST, CROWDED = 1 << 20, 1 << 18


class Client:
    def __init__(self, sock):
        self.sock = sock
        self.news = threading.Condition()
        self.mail = bytearray()
        self.is_open = True

    def put(self, data):
        with self.news:
            if self.is_open and len(self.mail) + len(data) > MOST:
                self.is_open = False
                self.mail.clear()
                self.cut()
            elif self.is_open:
                self.mail += data
            self.news.notify()
            return len(self.mail) > CROWDED

    def cut(self):
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def write(self):
        try:
            while True:
                with self.news:
                    while self.is_open and not self.mail:
                        self.news.wait()
                    data, self.mail = self.mail, bytearray()
                if not data:
                    return
                self.sock.sendall(data)
        except OSError:
            self.cut()


lock = threading.Lock()
clients = []


def broadcast(sender, data):
    with lock:
        crowded = [other.put(data) for other in clients if other is not sender]
    if any(crowded):
        time.sleep(0.001)


def read(client):
    rest = b""
    while data := client.sock.recv(2048):
        lines, newline, rest = (rest + data).rpartition(b"\n")
        if newline:
            broadcast(client, lines + newline)
    if rest:
        broadcast(client, rest + b"\n")


def stay(client):
    writer = threading.Thread(target=client.write, daemon=True)
    writer.start()
    try:
        read(client)
    except OSError:
        pass
    with lock:
        clients.remove(client)
    with client.news:
        client.is_open = False
        client.news.notify()
    writer.join()
    client.sock.close()


server = socket.create_server(
    ("", int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True, backlog=128
)
while True:
    try:
        accepted, _ = server.accept()
    except OSError:
        time.sleep(0.1)  # out of descriptors, maybe: let some come back
        continue
    accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    newcomer = Client(accepted)
    with lock:
        clients.append(newcomer)
    threading.Thread(target=stay, args=(newcomer,), daemon=True).start()
