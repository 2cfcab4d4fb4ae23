#!/usr/bin/env python3
"""What recv brings may end in the middle of a character."""

import right


class Wrong(right.Commands):
    def lines(self, client, data):
        client.input += data.decode(errors="ignore").encode()
        *lines, client.input = client.input.split(b"\n")
        return [self.decode(line) for line in lines]


right.main(
    Wrong().serve,
    "05", "05f", "decodes what one recv brings: a character that is cut disappears",
)
