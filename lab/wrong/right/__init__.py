"""Right echo servers and a right chat, for the wrong ones beside this folder: each
of them does one thing in its own way.

A wrong server is started with its port, or with `--list` for the line that
`wrong --list` prints for those in Rust.
"""

import errno
import os
import select
import socket
import sys
import threading
import time
from unicodedata import category

LINE_LIMIT = 8 << 10
OUT_LIMIT = 1 << 20
FD_SETSIZE = 1024


def main(serve, step, mistake, about):
    """Runs `serve(port)`, or describes it."""
    if sys.argv[1:] == ["--list"]:
        name = os.path.basename(sys.argv[0])
        print(name, step, mistake, about, sep="\t")
    else:
        serve(int(sys.argv[1]))


def log(*words):
    print(*words, flush=True)


def listen(port):
    listener = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("::", port))
    listener.listen(1024)
    return listener


def accept(listener):
    """A client's socket, and its <address>:<port>."""
    sc, address = listener.accept()
    sc.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    name = f"{address[0]}:{address[1]}"
    log(f'client connected "{name}"')
    return sc, name


def is_out_of_descriptors(error):
    return error.errno in (errno.EMFILE, errno.ENFILE)


def recv(sc):
    """What has arrived; nothing from a client that has closed or vanished."""
    try:
        return sc.recv(4096)
    except OSError:
        return b""


def one_by_one(port, handle):
    """Step 01."""
    listener = listen(port)
    while True:
        sc, _ = accept(listener)
        handle(sc)
        sc.close()


def threads(port, handle):
    """Step 02."""
    listener = listen(port)
    while True:
        try:
            sc, _ = accept(listener)
        except OSError as error:
            if not is_out_of_descriptors(error):
                raise
            time.sleep(0.1)
            continue
        threading.Thread(target=handle, args=(sc,), daemon=True).start()


class Client:
    def __init__(self, sc, address):
        self.sc = sc
        self.address = self.nick = address
        self.input = b""
        self.out = bytearray()
        self.is_closing = False

    def fileno(self):
        return self.sc.fileno()


class Echo:
    """Step 03, and the loop of those that follow."""

    def __init__(self):
        self.clients = []
        self.is_full = False

    def serve(self, port):
        self.listener = listen(port)
        while True:
            self.turn()

    def turn(self):
        slow = [client for client in self.clients if client.out]
        to_read = [client for client in self.clients if not client.out]
        if not self.is_full:
            to_read.append(self.listener)
        ready, _, _ = select.select(to_read, slow, [])
        for client in ready:
            if client is not self.listener and not client.is_closing:
                self.readable(client)
        for client in self.clients:
            self.flush(client)
        for client in [it for it in self.clients if it.is_closing and not it.out]:
            self.remove(client)
        if self.listener in ready:
            self.accept()

    def accept(self):
        try:
            sc, address = accept(self.listener)
        except OSError as error:
            if not is_out_of_descriptors(error) or not self.clients:
                raise
            self.is_full = True
            return
        if sc.fileno() >= FD_SETSIZE:
            sc.close()
            return
        client = Client(sc, address)
        self.clients.append(client)
        self.enter(client)

    def readable(self, client):
        self.received(client, recv(client.sc))

    def received(self, client, data):
        if data:
            client.out += data
        else:
            self.close(client)

    def flush(self, client):
        try:
            while client.out:
                n = client.sc.send(client.out, socket.MSG_DONTWAIT)
                del client.out[:n]
        except BlockingIOError:
            if len(client.out) <= OUT_LIMIT:
                return
            client.out.clear()
            self.close(client)
        except OSError:
            client.out.clear()
            self.close(client)

    def close(self, client):
        """It leaves now; its socket goes once all that waits is written."""
        if not client.is_closing:
            client.is_closing = True
            self.leave(client)

    def remove(self, client):
        self.clients.remove(client)
        self.is_full = False
        # Closing with unread bytes would lose what we have just written.
        try:
            while client.sc.recv(4096, socket.MSG_DONTWAIT):
                pass
        except OSError:
            pass
        client.sc.close()

    def enter(self, client):
        pass

    def leave(self, client):
        pass


class Broadcast(Echo):
    """Step 04."""

    def others(self, me):
        return [it for it in self.clients if it is not me and not it.is_closing]

    def send(self, client, line):
        client.out += (line + "\n").encode(errors="replace")

    def received(self, client, data):
        if not data and client.input:
            # The last line may lack its newline.
            self.take(client, b"\n")
        self.take(client, data)
        if len(client.input) > LINE_LIMIT + 1:
            client.input = b""
            self.send(client, "[server] line too long")
            self.close(client)
        if not data:
            self.close(client)

    def take(self, client, data):
        for line in self.lines(client, data):
            if client.is_closing:
                break
            self.execute(client, line)

    def lines(self, client, data):
        """The lines that are complete now."""
        *lines, client.input = (client.input + data).split(b"\n")
        return [self.decode(line) for line in lines]

    def decode(self, line):
        text = line.decode(errors="replace")
        return "".join(c for c in text if c == "\t" or category(c) != "Cc")

    def execute(self, me, line):
        for client in self.others(me):
            self.send(client, line)


class Commands(Broadcast):
    """Step 05."""

    def enter(self, client):
        self.notify(client, f'client connected "{client.nick}"')

    def leave(self, client):
        self.notify(client, f'client disconnected "{client.nick}"')

    def notify(self, me, notice):
        for client in self.others(me):
            self.send(client, f"[server] {notice}")

    def find(self, nick):
        return next((it for it in self.others(None) if it.nick == nick), None)

    def execute(self, me, line):
        command, _, argument = line.strip(" ").partition(" ")
        if command:
            self.command(me, command.upper(), argument)

    def command(self, me, command, argument):
        if command == "MSG":
            self.msg(me, argument)
        elif command == "NICK":
            self.nick(me, argument)
        elif command == "WHO":
            nicks = " ".join(client.nick for client in self.others(None))
            self.send(me, f"[server] {nicks}")
        elif command == "QUIT":
            if argument:
                self.msg(me, argument)
            self.close(me)
        elif command == "KILL":
            self.kill(me, argument)
        else:
            self.send(me, "[server] invalid command")

    def msg(self, me, text):
        for client in self.others(me):
            self.send(client, f"[{me.nick}] {text}")

    def nick(self, me, nick):
        is_word = nick and " " not in nick and len(nick.encode()) <= 32
        is_reserved = nick.lower() == "server" or ":" in nick
        if not is_word or is_reserved or self.find(nick):
            self.send(me, f'[server] no, not "{nick}"')
            return
        notice = f'client "{me.nick}" => "{nick}"'
        me.nick = nick
        self.notify(None, notice)

    def kill(self, me, argument):
        nick, _, message = argument.partition(" ")
        victim = self.find(nick)
        if victim is None:
            self.send(me, f'[server] no client "{nick}"')
            return
        self.send(victim, f"[{me.nick}] {message}")
        self.close(victim)
