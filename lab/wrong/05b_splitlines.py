#!/usr/bin/env python3
"""What recv brings may end in the middle of a line."""

import right


class Wrong(right.Commands):
    def lines(self, client, data):
        return data.decode(errors="replace").splitlines()


right.main(
    Wrong().serve,
    "05", "05b", "cuts what one recv brings with splitlines, and keeps no rest",
)
