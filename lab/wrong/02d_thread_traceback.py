#!/usr/bin/env python3
"""A thread may die of an exception: the others go on, its socket stays open."""

import right


def handle(sc):
    while data := sc.recv(4096):
        sc.sendall(data)
    sc.close()


right.main(
    lambda port: right.threads(port, handle),
    "02", "02d", "a thread ends with ConnectionResetError when its client resets",
)
