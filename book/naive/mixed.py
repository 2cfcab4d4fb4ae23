"""Two threads write on one socket, whose reader is in no hurry: 20,000 lines of a
thousand `a`, 20,000 of a thousand `b`. How many lines come out with both letters?

    python3 mixed.py
    python3 mixed.py lock    # who writes holds a lock, from a line's start to its end
"""

import contextlib
import socket
import sys
import threading
import time

LINES = 20_000


def write(sock, letter, lock):
    for _ in range(LINES):
        with lock:
            sock.sendall(1000 * letter + b"\n")


def read(sock):
    received = bytearray()
    while chunk := sock.recv(65536):
        received += chunk
        time.sleep(0.001)  # in no hurry, so that the writers find no room
    return received.splitlines()


def main(lock):
    with socket.create_server(("localhost", 0)) as listener:
        here = socket.create_connection(listener.getsockname())
        there, _ = listener.accept()
    writers = [
        threading.Thread(target=write, args=(there, letter, lock))
        for letter in (b"a", b"b")
    ]

    def write_all():
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        there.close()

    threading.Thread(target=write_all).start()
    lines = read(here)
    mixed = sum(b"a" in line and b"b" in line for line in lines)
    print(f"{len(lines)} lines came, {mixed} of them with both letters")


if sys.argv[1:] == []:
    main(contextlib.nullcontext())
elif sys.argv[1:] == ["lock"]:
    main(threading.Lock())
else:
    sys.exit("python3 mixed.py [lock]")
