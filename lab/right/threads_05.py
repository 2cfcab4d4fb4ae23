#!/usr/bin/env python3
"""Chat with commands, a thread per client, one lock for all that is shared.

Usage: threads_05.py PORT. An IPv4 client is shown by its plain IPv4 address; a
newcomer gets its own notice of arrival and whoever quits gets its own goodbye.
"""
import socket
import sys
import threading


class Client:
    def __init__(self, sock, address):
        self.sock = sock
        host = address[0].removeprefix("::ffff:")
        self.nick = f"{host}:{address[1]}"

    def send(self, text):
        try:
            self.sock.sendall(f"{text}\r\n".encode())
        except OSError:
            pass  # gone: its own thread learns it from recv


class Room:
    """Every method is called with the lock held."""

    def __init__(self):
        self.lock = threading.RLock()
        self.clients = []

    def announce(self, text, but=None):
        for client in self.clients:
            if client is not but:
                client.send(text)

    def enter(self, client):
        self.clients.append(client)
        self.announce(f"## connected: {client.nick}")

    def leave(self, client):
        """Tells the others once, whoever of two threads comes first."""
        if client in self.clients:
            self.clients.remove(client)
            self.announce(f"## disconnected: {client.nick}")

    def named(self, nick):
        for client in self.clients:
            if client.nick == nick:
                return client
        return None


room = Room()


def execute(me, line):
    """False when the conversation is over."""
    command, _, argument = line.partition(" ")
    if command == "MSG":
        room.announce(f"{me.nick}> {argument}", but=me)
    elif command == "NICK":
        nick = argument.strip()
        if not nick or " " in nick or room.named(nick):
            me.send("## nick refused")
        else:
            room.announce(f"## {me.nick} is now {nick}", but=me)
            me.nick = nick
    elif command == "WHO":
        me.send("## " + ", ".join(sorted(client.nick for client in room.clients)))
    elif command == "QUIT":
        room.announce(f"{me.nick}> {argument or 'bye'}")
        room.leave(me)
        return False
    elif command == "KILL":
        nick, _, reason = argument.partition(" ")
        victim = room.named(nick)
        if victim is None:
            me.send(f"## who is {nick}?")
        else:
            victim.send(f"## {me.nick} kills you: {reason}")
            room.leave(victim)
            try:
                # Wakes the victim's thread, which closes the socket.
                victim.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it went away by itself meanwhile
            if victim is me:
                return False
    else:
        me.send("## sorry?")
    return True


def attend(sock, address):
    me = Client(sock, address)
    with room.lock:
        room.enter(me)
    try:
        with sock.makefile("rb") as incoming:
            for raw in incoming:
                line = raw.decode("utf-8", "replace").rstrip("\r\n")
                with room.lock:
                    if me not in room.clients:
                        break
                    if line.strip() and not execute(me, line):
                        break
    except OSError as error:
        print(f"{me.nick}: {error}", file=sys.stderr)
    finally:
        with room.lock:
            room.leave(me)
            sock.close()


def main():
    server = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    server.bind(("::", int(sys.argv[1])))
    server.listen(10)
    while True:
        threading.Thread(target=attend, args=server.accept(), daemon=True).start()


main()
