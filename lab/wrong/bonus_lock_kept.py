#!/usr/bin/env python3
"""acquire and release without `with`: an exception in between, and the lock is kept."""

import socket
import threading

import right

lock = threading.Lock()
clients = []


def attend(sc):
    for line in sc.makefile("rb"):
        lock.acquire()
        for other in clients:
            if other is not sc:
                other.sendall(line)
        lock.release()


def converse(sc):
    try:
        attend(sc)
    except ConnectionResetError as error:
        right.log("vanished:", error)
    with lock:
        clients.remove(sc)
    sc.close()


def serve(port):
    listener = right.listen(port)
    while True:
        try:
            sc, _ = right.accept(listener)
        except OSError as error:
            if not right.is_out_of_descriptors(error):
                raise
            right.time.sleep(0.1)
            continue
        with lock:
            clients.append(sc)
        threading.Thread(target=converse, args=(sc,), daemon=True).start()


right.main(
    serve,
    "bonus", "bonus-stuck", "keeps the lock when sendall raises: release is never reached",
)
