#!/usr/bin/env python3
"""acquire and release without `with`: an exception in between, and the lock is kept."""

import queue
import threading
from contextlib import suppress

import right

lock = threading.Lock()
clients = {}


def write(sc, mailbox):
    with suppress(OSError):
        while line := mailbox.get():
            sc.sendall(line)


def attend(sc):
    with suppress(ConnectionResetError), sc.makefile("rb") as lines:
        for line in lines:
            with lock:
                for other, mailbox in clients.items():
                    if other is not sc:
                        mailbox.put(line)
    lock.acquire()
    right.log("goodbye", sc.getpeername())
    mailbox = clients.pop(sc)
    lock.release()
    mailbox.put(b"")


def converse(sc, mailbox):
    writer = threading.Thread(target=write, args=(sc, mailbox), daemon=True)
    writer.start()
    attend(sc)
    writer.join()
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
        mailbox = queue.SimpleQueue()
        with lock:
            clients[sc] = mailbox
        threading.Thread(target=converse, args=(sc, mailbox), daemon=True).start()


right.main(
    serve,
    "bonus", "bonus-stuck", "keeps the lock when getpeername raises: release is never reached",
)
