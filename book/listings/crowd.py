#!/usr/bin/env python3
"""A crowd for an echo server: IDLE clients connect and say nothing, one more says
ECHOES words, one after the other. Says what that has cost the server's processor
(Linux). Usage: crowd.py PORT PID IDLE ECHOES
"""
import resource
import socket
import sys


def processor_time(pid):
    """Nanoseconds that its main thread has computed, and the kernel for it."""
    with open(f"/proc/{pid}/schedstat") as stat:
        return int(stat.read().split()[0])


def connect(port):
    return socket.create_connection(("localhost", port), timeout=30)


def echo(client):
    client.sendall(b"hello\n")
    if client.recv(1500) != b"hello\n":
        sys.exit("no echo came back")


def main(port, pid, idle, echoes):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    crowd = [connect(port) for _ in range(idle)]
    talker = connect(port)
    echo(talker)  # it's answered: all those before it have been accepted
    before = processor_time(pid)
    for _ in range(echoes):
        echo(talker)
    spent = processor_time(pid) - before
    print(f"{len(crowd)} idle clients: {spent / echoes / 1000:.0f} µs an echo")


main(*map(int, sys.argv[1:]))
