#!/usr/bin/env python3
"""Talks to a chat server of step 04 as Alice and as Bob. Bob asks, Alice answers
with two lines; how long after the first does Bob get the second?

Usage: two_lines.py PORT          ten times, with Bob's question
       two_lines.py PORT silent   ten times, without
"""
import socket
import sys
import time


def connect(port):
    client = socket.create_connection(("localhost", port), timeout=5)
    # Alice's own system sends each line at once: it's not the one to blame.
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def wait_for(client, line):
    received = b""
    while not received.endswith(line):
        data = client.recv(1500)
        if data == b"":
            sys.exit("the server has closed the connection")
        received += data


# ANCHOR: round
def answer_in_two_lines(alice, bob, bob_asks):
    if bob_asks:
        bob.sendall(b"well?\n")
        wait_for(alice, b"well?\n")
    alice.sendall(b"yes\n")
    wait_for(bob, b"yes\n")
    first = time.monotonic()
    alice.sendall(b"but not today\n")
    wait_for(bob, b"but not today\n")
    return time.monotonic() - first
# ANCHOR_END: round


def main(port, bob_asks):
    alice, bob = connect(port), connect(port)
    time.sleep(0.5)  # until the server has accepted both
    for _ in range(10):
        delay = answer_in_two_lines(alice, bob, bob_asks)
        print(f"the second line came {1000 * delay:.1f} ms after the first")


main(int(sys.argv[1]), sys.argv[2:] != ["silent"])
