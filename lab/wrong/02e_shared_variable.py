#!/usr/bin/env python3
"""The thread takes the variable of the main loop, which the next accept changes."""

import threading

import right

sc = None


def handle():
    while data := right.recv(sc):
        try:
            sc.sendall(data)
        except OSError:
            break
    sc.close()


def serve(port):
    global sc
    listener = right.listen(port)
    while True:
        sc, _ = right.accept(listener)
        threading.Thread(target=handle, daemon=True).start()


right.main(
    serve,
    "02", "02e", "every thread uses the variable sc, which is the newest client",
)
