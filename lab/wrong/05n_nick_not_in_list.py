#!/usr/bin/env python3
"""index raises ValueError for what isn't in the list."""

import right


class Wrong(right.Commands):
    def kill(self, me, argument):
        nick, _, message = argument.partition(" ")
        if not nick:
            self.send(me, "[server] KILL expects a nick")
            return
        clients = self.others(None)
        victim = clients[[client.nick for client in clients].index(nick)]
        self.send(victim, f"[{me.nick}] {message}")
        self.close(victim)


right.main(
    Wrong().serve,
    "05", "05n", "looks KILL's victim up with index: ValueError for an unknown nick",
)
