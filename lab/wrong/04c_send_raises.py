#!/usr/bin/env python3
"""Nobody catches what send raises when a recipient has vanished."""

import socket
from contextlib import suppress

import right


class Wrong(right.Broadcast):
    def flush(self, client):
        with suppress(BlockingIOError):
            while client.out:
                n = client.sc.send(client.out, socket.MSG_DONTWAIT)
                del client.out[:n]
        if len(client.out) > right.OUT_LIMIT:
            client.out.clear()
            self.close(client)


right.main(
    Wrong().serve,
    "04", "04c", "ends with an exception when it writes to one that has vanished",
)
