#!/usr/bin/env python3
"""What recv brings is no message: it may hold several lines."""

import right


class Wrong(right.Commands):
    def lines(self, client, data):
        text = data.decode(errors="replace").rstrip("\r\n")
        return [text] if text else []


right.main(
    Wrong().serve,
    "05", "05a", "takes what one recv brings for one command",
)
