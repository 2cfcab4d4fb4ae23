#!/usr/bin/env python3
"""Notes who is ready by index, and shortens the list meanwhile."""

import select

import right


class Wrong(right.Echo):
    def turn(self):
        ready, _, _ = select.select([*self.clients, self.listener], [], [])
        speaking = [i for i, it in enumerate(self.clients) if it in ready]
        for i in speaking:
            data = right.recv(self.clients[i].sc)
            if data:
                self.clients[i].sc.sendall(data)
            else:
                self.clients.pop(i).sc.close()
        if self.listener in ready:
            self.accept()


right.main(
    Wrong().serve,
    "03", "03f", "pops clients by index, which shifts the others: IndexError when two leave",
)
