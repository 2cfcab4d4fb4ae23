"""naive_chat.py, when Bob's thread has its turn in the middle of Alice's.

The system may give another thread its turn at any moment; here it does so at a bad
one, every time. Each line is a call, with the thread that made it.

    python3 race.py skipped
    python3 race.py closed
"""

import socket
import sys
import threading

import naive_chat


class Told(list):
    """The list of the clients; says how it shrinks."""

    def append(self, sc):
        super().append(sc)
        sc.is_there.set()

    def remove(self, sc):
        super().remove(sc)
        tell(f"clients.remove({sc.name})")


class Client:
    """A socket that says what is sent through it. `turn` is what happens just before."""

    def __init__(self, name, turn=lambda: None):
        self.name, self.turn = name, turn
        self.here, self.there = socket.socketpair()
        self.is_there = threading.Event()
        self.thread = threading.Thread(
            target=naive_chat.handle, args=(self,), name=name, daemon=True
        )
        self.thread.start()
        self.is_there.wait()

    def recv(self, most):
        return self.here.recv(most)

    def sendall(self, message):
        self.turn()
        tell(f"{self.name}.sendall({message})")
        self.here.sendall(message)

    def close(self):
        tell(f"{self.name}.close()")
        self.here.close()

    def leave(self):
        self.there.shutdown(socket.SHUT_WR)
        self.thread.join()


def tell(call):
    print(f"{threading.current_thread().name + ':':6} {call}", flush=True)


def tell_end(end):
    """Of an exception that ends a thread: what Python prints last."""
    tell(f"{end.exc_type.__name__}: {end.exc_value}")


threading.excepthook = tell_end
naive_chat.clients = Told()
bob = Client("Bob")
if sys.argv[1:] == ["skipped"]:
    others = [Client("Dave", turn=bob.leave), Client("Carol")]
elif sys.argv[1:] == ["closed"]:
    bob.turn = bob.leave
    others = [Client("Carol")]
else:
    sys.exit("python3 race.py skipped|closed")
alice = Client("Alice")
alice.there.sendall(b"salut")
alice.leave()
print()
for client in others:
    # What came is there: Alice's thread has ended.
    client.there.setblocking(False)
    try:
        print(client.name, "<-", client.there.recv(1500))
    except BlockingIOError:
        print(client.name, "<-")
