#!/usr/bin/env python3
"""Not every line is made of two words."""

import right


class Wrong(right.Commands):
    def execute(self, me, line):
        if line in ("WHO", "QUIT"):
            line += " "
        command, argument = line.split(" ", 1)
        self.command(me, command, argument)


right.main(
    Wrong().serve,
    "05", "05g", "unpacks two words: ValueError on NICK alone or an empty line",
)
