#!/usr/bin/env python3
"""Turns bytes into text that it doesn't need."""

import right


def handle(sc):
    while data := right.recv(sc):
        text = data.decode()
        try:
            sc.sendall(text.encode())
        except OSError:
            break


right.main(
    lambda port: right.one_by_one(port, handle),
    "01", "01k", "ends with UnicodeDecodeError on bytes that are not UTF-8",
)
