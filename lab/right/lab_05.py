#!/usr/bin/env python3
"""A chat with commands: MSG NICK WHO QUIT KILL. Usage: lab_05.py PORT

Blocking sockets, one set for select, sendall. Unknown commands are ignored
without a word, NICK isn't confirmed, two people may bear the same nick.
"""
import select
import socket
import sys

# ANCHOR: tables
nicks = {}   # client socket -> nick, in order of arrival
halves = {}  # client socket -> the beginning of a line
# ANCHOR_END: tables


def tell(sock, line):
    sock.sendall(line.encode() + b"\n")


def tell_others(sock, line):
    for other in nicks:
        if other is not sock:
            tell(other, line)


def arrive(server):
    sock, _ = server.accept()
    address = sock.getpeername()
    nicks[sock] = "%s:%d" % address[:2]
    halves[sock] = b""
    print("in  ", nicks[sock], flush=True)
    tell_others(sock, "*** " + nicks[sock] + " joined")


def leave(sock):
    nick = nicks[sock]
    tell_others(sock, "*** " + nick + " left")
    del nicks[sock]
    del halves[sock]
    sock.close()
    print("out ", nick, flush=True)


def obey(sock, line):
    command, _, argument = line.partition(" ")
    if command == "MSG":
        tell_others(sock, "[" + nicks[sock] + "] " + argument)
    elif command == "NICK":
        # A nick with a space in it could never be killed.
        if argument != "" and " " not in argument:
            print("nick", nicks[sock], "->", argument, flush=True)
            nicks[sock] = argument
    elif command == "WHO":
        tell(sock, "[server] " + " ".join(nicks.values()))
    elif command == "QUIT":
        if argument != "":
            tell_others(sock, "[" + nicks[sock] + "] " + argument)
        leave(sock)
    elif command == "KILL":
        name, _, reason = argument.partition(" ")
        for victim, nick in nicks.items():
            if nick == name:
                tell(victim, "[" + nicks[sock] + "] " + reason)
                leave(victim)
                break


def listen_to(sock):
    data = sock.recv(1500)
    if data == b"":
        leave(sock)
        return
    *lines, rest = (halves[sock] + data).split(b"\n")
    halves[sock] = rest
    for line in lines:
        obey(sock, line.decode().rstrip("\r"))
        if sock not in nicks:  # it has quit, or killed itself
            return


def main():
    server = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("", int(sys.argv[1])))
    server.listen(1)
    while True:
        ready, _, _ = select.select([server] + list(nicks), [], [])
        for sock in ready:
            if sock is server:
                arrive(server)
            elif sock in nicks:  # not killed earlier in this turn
                listen_to(sock)


main()
