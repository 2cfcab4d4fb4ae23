"""A chat, a thread for each client. They share a list that nothing guards."""

import socket
import sys
import threading

clients = []


def broadcast(sender, message):
    for sc in clients:
        if sc is not sender:
            sc.sendall(message)


def handle(sc):
    clients.append(sc)
    while message := sc.recv(1500):
        broadcast(sc, message)
    clients.remove(sc)
    sc.close()


def main():
    listener = socket.create_server(
        ("", int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True
    )
    while True:
        sc, _ = listener.accept()
        threading.Thread(target=handle, args=(sc,), daemon=True).start()


if __name__ == "__main__":
    main()
