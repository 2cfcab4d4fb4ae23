#!/usr/bin/env python3
"""Closes the socket of a client that leaves, and forgets to take it off the list."""

import select

import right


def serve(port):
    listener = right.listen(port)
    clients = []
    while True:
        ready, _, _ = select.select(clients + [listener], [], [])
        for sc in ready:
            if sc is listener:
                clients.append(right.accept(listener)[0])
                continue
            data = right.recv(sc)
            if data:
                sc.sendall(data)
            else:
                sc.close()


right.main(
    serve,
    "03", "03a", "a closed client stays in the list: select raises ValueError",
)
