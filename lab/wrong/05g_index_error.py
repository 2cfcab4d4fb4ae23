#!/usr/bin/env python3
"""A command may come without the argument that split would give."""

import right


class Wrong(right.Commands):
    def execute(self, me, line):
        words = line.split(" ", 1)
        if words[0] in ("MSG", "NICK", "KILL"):
            self.command(me, words[0], words[1])
        elif words[0]:
            self.command(me, words[0], " ".join(words[1:]))


right.main(
    Wrong().serve,
    "05", "05g", "takes the argument by index: IndexError on NICK alone",
)
