#!/usr/bin/env python3
"""Chat, two threads per client: one reads, one writes what its queue holds.

The queue is bounded: a client that doesn't read is shut out.
Usage: queues_bonus.py PORT
"""
import queue
import socket
import sys
import threading

QUEUE_SIZE = 20_000  # lines
guard = threading.RLock()
outgoing = {}  # socket -> its queue


def writer(sock, lines):
    try:
        while (line := lines.get()) is not None:
            sock.sendall(line)
    except OSError:
        pass  # the reader sees it too


def reader(sock):
    try:
        with sock.makefile("rb") as incoming:
            for line in incoming:
                if not line.endswith(b"\n"):
                    line += b"\n"
                with guard:
                    for other, lines in outgoing.items():
                        if other is sock:
                            continue
                        try:
                            lines.put_nowait(line)
                        except queue.Full:
                            print("too slow", flush=True)
                            other.shutdown(socket.SHUT_RDWR)
    except OSError as error:
        print("lost:", error, flush=True)


def serve(sock, lines):
    hand = threading.Thread(target=writer, args=(sock, lines), daemon=True)
    hand.start()
    reader(sock)
    with guard:
        del outgoing[sock]
    try:
        lines.put_nowait(None)
    except queue.Full:
        sock.shutdown(socket.SHUT_RDWR)
    hand.join()
    sock.close()


with socket.socket(socket.AF_INET6) as door:
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    door.bind(("::", int(sys.argv[1])))
    door.listen(64)
    print("two threads for each of you", flush=True)
    while True:
        sock, _ = door.accept()
        lines = queue.Queue(QUEUE_SIZE)
        with guard:
            outgoing[sock] = lines
        threading.Thread(target=serve, args=(sock, lines), daemon=True).start()
