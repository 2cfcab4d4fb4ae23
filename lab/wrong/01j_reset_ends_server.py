#!/usr/bin/env python3
"""recv raises when a client resets its connection, and nobody catches it."""

import right


def handle(sc):
    while data := sc.recv(4096):
        sc.sendall(data)


right.main(
    lambda port: right.one_by_one(port, handle),
    "01", "01j", "ends with ConnectionResetError when a client resets its connection",
)
