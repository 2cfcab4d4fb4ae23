#!/usr/bin/env python3
"""A second list holds the sockets, so that removing one from the first doesn't
close it."""

import right


class Wrong(right.Echo):
    everybody = []

    def enter(self, client):
        self.everybody.append(client.sc)

    def remove(self, client):
        self.clients.remove(client)


right.main(
    Wrong().serve,
    "03", "03b", "takes a client that leaves off the list, and never closes it",
)
