#!/usr/bin/env python3
"""getpeername needs a client that is still there."""

import right


class Wrong(right.Commands):
    def leave(self, client):
        address = client.sc.getpeername()
        right.log(f'client disconnected "{client.nick}", from {address}')
        super().leave(client)


right.main(
    Wrong().serve,
    "05", "05l", "asks for the address of a client that has reset: OSError",
)
