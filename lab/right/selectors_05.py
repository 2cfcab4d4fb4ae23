#!/usr/bin/env python3
"""Chat with commands on the module selectors, nothing blocks.

Usage: selectors_05.py PORT. QUIT and KILL make one single line for the others,
with the nick and the words in it; unknown commands get no answer.
"""
import selectors
import socket
import sys

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
MOST = 1 << 20

selector = selectors.DefaultSelector()
users = {}  # nick -> User, in order of arrival


class User:
    def __init__(self, sock, address):
        sock.setblocking(False)
        self.sock, self.inbuf, self.outbuf = sock, b"", b""
        self.nick = "%s:%s" % address[:2]
        self.open = True
        selector.register(sock, READ, self)
        say_all("%s arrives" % self.nick)
        users[self.nick] = self

    def say(self, text):
        self.outbuf += text.encode() + b"\n"
        if len(self.outbuf) > MOST:  # it never reads
            self.outbuf = b""
            self.leave("%s doesn't read, and leaves" % self.nick)
        else:
            selector.modify(self.sock, self.interest(), self)

    def interest(self):
        return (READ if self.open else 0) | (WRITE if self.outbuf or not self.open else 0)

    def leave(self, notice):
        """Out of the room at once; the socket closes when all is written."""
        if self.open:
            self.open = False
            del users[self.nick]
            selector.modify(self.sock, self.interest(), self)
            say_all(notice)

    def on_event(self, mask):
        try:
            if mask & READ and self.open:
                self.read()
            if mask & WRITE:
                self.outbuf = self.outbuf[self.sock.send(self.outbuf):] if self.outbuf else b""
        except BlockingIOError:
            return
        except OSError:
            self.outbuf = b""
            self.leave("%s vanishes" % self.nick)
        if self.outbuf or self.open:
            selector.modify(self.sock, self.interest(), self)
        else:
            selector.unregister(self.sock)
            self.sock.close()

    def read(self):
        data = self.sock.recv(1024)
        # At the end of file the last line counts, with or without newline.
        self.inbuf += data or b"\n"
        while self.open and b"\n" in self.inbuf:
            line, self.inbuf = self.inbuf.split(b"\n", 1)
            self.command(line.decode("utf-8", "replace").strip())
        if not data:
            self.leave("%s leaves" % self.nick)

    def command(self, line):
        word, _, rest = line.partition(" ")
        word = word.upper()
        if word == "MSG":
            say_all("%s: %s" % (self.nick, rest), but=self)
        elif word == "NICK":
            if rest and " " not in rest and rest not in users:
                say_all("%s becomes %s" % (self.nick, rest))
                # The dictionary is made anew to keep the order of arrival.
                renamed = {(rest if u is self else n): u for n, u in users.items()}
                users.clear()
                users.update(renamed)
                self.nick = rest
        elif word == "WHO":
            self.say("%d here: %s." % (len(users), ", ".join(users)))
        elif word == "QUIT":
            self.leave("%s leaves: %s" % (self.nick, rest))
        elif word == "KILL":
            nick, _, why = rest.partition(" ")
            if nick in users:
                victim = users[nick]
                victim.say(why)
                victim.leave("%s is thrown out by %s: %s" % (nick, self.nick, why))


def say_all(text, but=None):
    for user in list(users.values()):
        if user is not but and user.open:
            user.say(text)


server = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("", int(sys.argv[1])))
server.listen()
server.setblocking(False)
selector.register(server, READ)
while True:
    for key, mask in selector.select():
        if key.data is not None:
            key.data.on_event(mask)
            continue
        try:
            User(*server.accept())
        except (BlockingIOError, ConnectionError):
            pass
