#!/usr/bin/env python3
"""Chat with channels, asyncio protocols, cut at newlines by hand.

Usage: asyncio_06.py PORT. One IPv4 and one IPv6 listener, so an IPv4 client is
127.0.0.1:5000 and not ::ffff:127.0.0.1:5000. Commands in any case.
Channel members are told of each JOIN, PART and KICK; the oldest member
inherits the channel; the goodbye of QUIT goes to the channel only.
"""
import asyncio
import sys

people = []
channels = {}  # lower-case name -> Channel


class Channel:
    """The first of the members is the moderator."""

    def __init__(self, name):
        self.name = name
        self.members = []

    def tell(self, text, but=None):
        for member in self.members:
            if member is not but:
                member.tell(f"{{{self.name}}} {text}")


class Person(asyncio.Protocol):
    def connection_made(self, transport):
        host, port, *_ = transport.get_extra_info("peername")
        self.transport = transport
        self.nick = f"{host}:{port}"
        self.channel = None
        self.unread = bytearray()
        for person in people:
            person.tell(f"+ {self.nick}")
        people.append(self)

    def data_received(self, data):
        self.unread += data
        while self in people and (end := self.unread.find(b"\n")) >= 0:
            line = self.unread[:end]
            del self.unread[: end + 1]
            self.do(line)

    def eof_received(self):
        if self in people and self.unread:
            self.do(self.unread)
        return False  # asyncio writes what is left and closes

    def connection_lost(self, exc):
        self.leave("- {}")

    def tell(self, text):
        self.transport.write(text.encode() + b"\n")

    def leave(self, notice):
        if self in people:
            people.remove(self)
            self.leave_channel()
            for person in people:
                person.tell(notice.format(self.nick))
            self.transport.close()

    def leave_channel(self, why=None):
        channel, self.channel = self.channel, None
        if channel is None:
            return
        was_moderator = channel.members[0] is self
        channel.members.remove(self)
        if not channel.members:
            del channels[channel.name.lower()]
            return
        if why:
            channel.tell(f"{self.nick} {why}")
        if was_moderator:
            channel.tell(f"{channel.members[0].nick} now moderates")

    def do(self, line):
        words = line.decode("utf-8", "replace").rstrip("\r").split(" ", 1)
        command = words[0].lower()
        rest = words[1] if len(words) > 1 else ""
        if command in ("msg", "nick", "who", "quit", "kill", "join", "part", "list", "kick"):
            trouble = getattr(self, "do_" + command)(rest)
            if trouble:
                self.tell(f"? {trouble}")
        elif command:
            self.tell(f"? no such command: {command}")

    def do_msg(self, rest):
        name, _, text = rest.partition(" ")
        if self.channel is None:
            return "join a channel first"
        if name.lower() != self.channel.name.lower():
            return f"you are in {self.channel.name}"
        self.channel.tell(f"<{self.nick}> {text}", but=self)

    def do_nick(self, nick):
        if not nick or len(nick.split()) != 1:
            return "a nick is one word"
        nick = nick.strip()
        if any(p.nick == nick and p is not self for p in people):
            return f"{nick} is taken"
        self.nick = nick
        self.tell("ok")

    def do_who(self, _):
        def show(person):
            return f"{person.nick}({person.channel.name if person.channel else '-'})"
        self.tell("online: " + " ".join(show(p) for p in people))

    def do_quit(self, text):
        if text and self.channel:
            self.channel.tell(f"<{self.nick}> {text}", but=self)
        self.leave("- {}")

    def do_kill(self, rest):
        nick, _, text = rest.partition(" ")
        victim = self.find(nick, people)
        if victim is None:
            return f"nobody is called {nick}"
        victim.tell(f"! {self.nick}: {text}")
        victim.leave("- {} (killed)")

    def do_join(self, name):
        if len(name.split()) != 1:
            return "a channel is one word"
        name = name.strip()
        if self.channel and self.channel.name.lower() == name.lower():
            return "you are there"
        self.leave_channel("went elsewhere")
        self.channel = channels.setdefault(name.lower(), Channel(name))
        self.channel.members.append(self)
        self.channel.tell(f"{self.nick} is here")

    def do_part(self, _):
        if self.channel is None:
            return "you are nowhere"
        self.leave_channel("went out")
        self.tell("ok")

    def do_list(self, _):
        for channel in channels.values():
            self.tell(f"* {channel.name}: {len(channel.members)}")
        self.tell(f"* {len(channels)} in all")

    def do_kick(self, nick):
        if self.channel is None or self.channel.members[0] is not self:
            return "you don't moderate"
        victim = self.find(nick.strip(), self.channel.members)
        if victim is None:
            return f"{nick} isn't in {self.channel.name}"
        self.channel.tell(f"{nick.strip()} is shown the door")
        victim.leave_channel("is out")

    @staticmethod
    def find(nick, among):
        for person in among:
            if person.nick == nick:
                return person
        return None


async def main():
    server = await asyncio.get_running_loop().create_server(Person, port=int(sys.argv[1]))
    async with server:
        await server.serve_forever()


asyncio.run(main())
