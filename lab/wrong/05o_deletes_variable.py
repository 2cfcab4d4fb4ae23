#!/usr/bin/env python3
"""`del` forgets a name: the list still holds the client, whose socket stays open."""

import right


class Wrong(right.Commands):
    def kill(self, me, argument):
        nick, _, message = argument.partition(" ")
        victim = self.find(nick)
        if victim is None:
            self.send(me, f'[server] no client "{nick}"')
            return
        self.send(victim, f"[{me.nick}] {message}")
        del victim


right.main(
    Wrong().serve,
    "05", "05o", "deletes the variable of KILL's victim, which closes nothing",
)
