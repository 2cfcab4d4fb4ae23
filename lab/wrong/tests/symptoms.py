#!/usr/bin/env python3
"""Shows that each wrong server has the symptom of its mistake, and which others.

    cargo build -p wrong && python3 lab/wrong/tests/symptoms.py [REGEX]

Below stands one experiment for each mistake, in the order in which a checker would
make them. Each wrong server goes through all the experiments of its step: the first
that finds something must be that of its own mistake. The course's own servers, and
the right ones in Python, go through them too: nothing may be found.
"""

import contextlib
import os
import re
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

WRONG = Path(__file__).resolve().parent.parent
ROOT = WRONG.parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug"

# How long to wait for what must come, and to listen for what must not.
LONG, SHORT = 5.0, 0.35


# What the experiments are made with.

class Dead(Exception):
    """The server has ended, or listens no more."""


def free_port():
    with socket.socket(socket.AF_INET6) as it:
        it.bind(("::", 0))
        return it.getsockname()[1]


def listeners(port):
    """The inodes of the sockets that listen on this port."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == "0A" and int(words[1].rsplit(":", 1)[1], 16) == port:
                found.add(words[9])
    return found


class Server:
    def __init__(self, command, port=None, descriptors=None, wait=LONG):
        self.port = port or free_port()
        words = [*command, str(self.port)]
        if descriptors:
            words = ["sh", "-c", f'ulimit -n {descriptors}; exec "$@"', "sh", *words]
        self.process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True,
        )
        self.pid = self.process.pid
        self.stdout, self.stderr = deque(maxlen=64), deque(maxlen=64)
        for pipe, store in (
            (self.process.stdout, self.stdout), (self.process.stderr, self.stderr),
        ):
            threading.Thread(target=self.drain, args=(pipe, store), daemon=True).start()
        self.clients = []
        deadline = time.monotonic() + wait
        while not listeners(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                break
            time.sleep(0.01)

    @staticmethod
    def drain(pipe, store):
        with contextlib.suppress(OSError, ValueError):
            while data := os.read(pipe.fileno(), 4096):
                store.append(data)

    def errors(self):
        return b"".join(self.stderr).decode(errors="replace")

    def is_alive(self, wait=SHORT):
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(wait)
        return self.process.poll() is None

    def cpu(self, over=0.4):
        def used():
            try:
                stat = Path(f"/proc/{self.pid}/stat").read_text()
            except OSError:
                return 0
            return sum(map(int, stat.rsplit(")", 1)[1].split()[11:13])) / 100
        before = used()
        time.sleep(over)
        return (used() - before) / over

    def client(self, host="127.0.0.1"):
        try:
            sc = socket.create_connection((host, self.port), LONG)
        except OSError as error:
            raise Dead(str(error)) from None
        client = Client(sc)
        self.clients.append(client)
        return client

    def several(self, n):
        """Clients that are surely in the server's list in this order."""
        clients = []
        for _ in range(n):
            clients.append(self.client())
            time.sleep(0.05)
        return clients

    def named(self, *nicks):
        """The same for a chat with nicks."""
        clients = self.several(len(nicks))
        for client, nick in zip(clients, nicks):
            client.send(f"NICK {nick}\n")
            time.sleep(0.03)
        for client in clients:
            client.hear()
        return clients

    @contextlib.contextmanager
    def stopped(self):
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
            time.sleep(0.05)
        finally:
            os.kill(self.pid, signal.SIGCONT)

    def end(self):
        for client in self.clients:
            client.sc.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdout, self.process.stderr):
            pipe.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


class Client:
    def __init__(self, sc):
        self.sc = sc
        self.has_end = False

    @property
    def address(self):
        """As the server names it, without the ::ffff: in front."""
        return ":".join(map(str, self.sc.getsockname()[:2]))

    def send(self, words):
        with contextlib.suppress(OSError):
            self.sc.sendall(words.encode() if isinstance(words, str) else words)

    def hear(self, until=None, wait=SHORT):
        """What comes, until that came, or the end, or nothing for some time."""
        heard = b""
        deadline = time.monotonic() + (LONG if until and wait == SHORT else wait)
        while until is None or until.encode() not in heard:
            left = deadline - time.monotonic()
            if left <= 0:
                break
            self.sc.settimeout(left)
            try:
                data = self.sc.recv(65536)
            except TimeoutError:
                break
            except OSError:
                data = b""
            if not data:
                self.has_end = True
                break
            heard += data
        return heard.decode(errors="replace")

    def says(self, words, wait=1.0):
        """Is it answered in the same words?"""
        self.send(words)
        return words in self.hear(words, wait)

    def half_close(self):
        with contextlib.suppress(OSError):
            self.sc.shutdown(socket.SHUT_WR)

    def close(self):
        self.sc.close()

    def reset(self):
        self.sc.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sc.close()

    def is_ended(self, wait=SHORT):
        self.hear(wait=wait)
        return self.has_end


# The experiments. Each gets the command of a server, and says whether it has seen
# the symptom.

EXPERIMENTS = {}


def experiment(mistake, *steps):
    def add(function):
        for step in steps:
            EXPERIMENTS.setdefault(step, []).append((mistake, function))
        return function
    return add


ALL = ("01", "02", "03", "04", "05", "06")
ECHOES = ALL[:3]


@experiment("00c", "01")
def panics(command):
    with Server(command) as server:
        return server.process.poll() not in (None, 0)


@experiment("00d", "01")
def ends(command):
    with Server(command) as server:
        return (
            server.process.poll() == 0 and not listeners(server.port)
            or not listeners(server.port) and not server.is_alive()
        )


@experiment("00f", "01")
def daemonizes(command):
    with Server(command) as server:
        time.sleep(SHORT)
        is_seen = server.process.poll() == 0 and bool(listeners(server.port))
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (process / "cmdline").read_bytes().split(b"\0")
                its = [command[-1].encode(), str(server.port).encode()]
                if is_seen and words[-3:-1] == its:
                    os.kill(int(process.name), signal.SIGKILL)
        return is_seen


@experiment("00b", "01")
def another_port(command):
    with Server(command, wait=2) as server:
        if listeners(server.port):
            return False
        inodes = {
            os.readlink(fd) for fd in Path(f"/proc/{server.pid}/fd").iterdir()
        } if server.is_alive() else set()
        everything = " ".join(
            line for table in ("/proc/net/tcp", "/proc/net/tcp6")
            for line in Path(table).read_text().splitlines() if " 0A " in line
        )
        return any(
            found[8:-1] in everything.split() for found in inodes
            if found.startswith("socket:[")
        )


@experiment("00a", "01")
def never_listens(command):
    with Server(command, wait=2) as server:
        return server.is_alive() and not listeners(server.port) and not another_port(command)


@experiment("00e", "01")
def closes_its_listener(command):
    with Server(command) as server:
        client = server.client()
        return client.says("ping") and not listeners(server.port) and server.is_alive()


@experiment("01f", "01")
def reads_to_end(command):
    with Server(command) as server:
        client = server.client()
        client.send("abc\n")
        before = client.hear()
        client.half_close()
        return before == "" and "abc" in client.hear("abc", 1)


@experiment("01g", "01")
def waits_for_a_line(command):
    with Server(command) as server:
        client = server.client()
        client.send("abc")
        return client.hear() == "" and client.says("\n")


@experiment("01c", "01")
def never_sends(command):
    with Server(command) as server:
        client = server.client()
        client.send("abc\n")
        before = client.hear()
        client.half_close()
        return before + client.hear() == "" and server.is_alive()


@experiment("01d", "01")
def whole_buffer(command):
    with Server(command) as server:
        client = server.client()
        client.send("abcdef")
        first = client.hear()
        client.send("xy")
        second = client.hear()
        return "\0" in first or second == "xycdef"


@experiment("01e", "01")
def alters(command):
    with Server(command) as server:
        client = server.client()
        client.send(" abc\n")
        heard = client.hear()
        return heard.strip() == "abc" and heard != " abc\n"


@experiment("01b", "01")
def one_message(command):
    with Server(command) as server:
        client = server.client()
        return client.says("one") and client.is_ended()


@experiment("01a", "01")
def accepts_again(command):
    with Server(command) as server:
        client = server.client()
        if not client.says("one") or client.says("two", SHORT) or client.has_end:
            return False
        server.client().send("three")
        return "two" in client.hear("two", 1) or client.has_end


@experiment("01i", "01")
def ends_with_its_client(command):
    with Server(command) as server:
        client = server.client()
        client.says("one")
        client.close()
        return not server.is_alive() and server.process.returncode == 0


@experiment("01h", "01")
def ignores_zero(command):
    with Server(command) as server:
        client = server.client()
        if not client.says("one"):
            return False
        client.close()
        return server.cpu() > 0.5 and not server.client().says("two")


@experiment("01l", "01")
def ipv4_only(command):
    with Server(command) as server:
        if not server.client().says("one"):
            return False
    with Server(command) as server:
        try:
            return not server.client("::1").says("one")
        except Dead:
            return True


@experiment("01m", "01")
def no_reuse(command):
    with Server(command) as server:
        client = server.client()
        if not client.says("one"):
            return False
        # The server's end of the connection is closed first.
        os.killpg(server.pid, signal.SIGKILL)
        server.process.wait()
        client.is_ended()
        client.close()
        with Server(command, server.port) as again:
            return not again.is_alive() and "AddrInUse" in again.errors()


@experiment("02a", "02")
def one_after_another(command):
    with Server(command) as server:
        first, second = server.several(2)
        if second.says("two", SHORT):
            return False
        first.close()
        return "two" in second.hear("two", 1)


@experiment("02e", "02")
def shared_variable(command):
    with Server(command) as server:
        first, second = server.several(2)
        first.send("one")
        return first.hear() == "" and second.hear() == "one"


@experiment("02c", "02")
def only_so_many(command):
    with Server(command) as server:
        clients = [server.client() for _ in range(20)]
        answered = [client.says("x", SHORT) for client in clients]
        return answered[1] and not answered[-1]


@experiment("03d", "03")
def listens_once(command):
    with Server(command) as server:
        first, second = server.several(2)
        return not second.says("two", SHORT) and first.says("one")


@experiment("03e", "03")
def receives_until_the_end(command):
    with Server(command) as server:
        first, second = server.several(2)
        if not first.says("one") or second.says("two", SHORT):
            return False
        first.close()
        return "two" in second.hear("two", 1)


@experiment("03c", "03")
def one_set(command):
    with Server(command) as server:
        first, second, third = server.several(3)
        return (
            third.says("one") and not first.says("two", SHORT) and third.says("three")
            and third.close() is None and not second.says("four", SHORT)
        )


@experiment("03a", "03")
def left_in_list(command):
    with Server(command) as server:
        client = server.client()
        if not client.says("one"):
            return False
        client.close()
        is_dead = not server.is_alive()
        return is_dead or server.cpu() > 0.5


def never_closed(command):
    with Server(command) as server:
        client = server.client()
        if not client.says("one"):
            return False
        client.half_close()
        return not client.is_ended(0.7) and server.is_alive() and server.cpu() < 0.5


experiment("02b", "02")(never_closed)
experiment("03b", "03")(never_closed)


@experiment("03f", "03")
def two_leave_together(command):
    with Server(command) as server:
        clients = server.several(3)
        if not all(client.says("one") for client in clients):
            return False
        with server.stopped():
            clients[0].close()
            clients[2].close()
        return not server.is_alive()


@experiment("03g", "03")
def count_of_sockets(command):
    with Server(command) as server:
        first, *others = server.several(3)
        if not all(client.says("one") for client in (first, *others)):
            return False
        first.close()
        time.sleep(0.1)
        if not all(client.says("two") for client in others):
            return server.is_alive()
        others.append(server.client())
        return not all(client.says("three") for client in others) and server.is_alive()


@experiment("04b", "04")
def not_to_all_others(command):
    with Server(command) as server:
        clients = server.several(3)
        for speaker in clients:
            speaker.send("word\n")
            for other in clients:
                if other is not speaker and other.hear("word", 1) != "word\n":
                    return True
            if speaker is clients[0]:
                speaker.hear()
        return False


@experiment("04a", "04")
def to_the_sender(command):
    with Server(command) as server:
        clients = server.several(3)
        clients[1].send("word\n")
        return "word" in clients[1].hear()


@experiment("04d", "04")
def removes_another(command):
    with Server(command) as server:
        first, second, third, fourth = server.several(4)
        second.close()
        time.sleep(0.1)
        for speaker in (first, fourth, third):
            speaker.send("word\n")
            for other in (first, third, fourth):
                if other is not speaker and "word" not in other.hear("word", 1):
                    return True
        return False


# The chat with commands.

@experiment("05k no_arrival", "05")
def no_arrival(command):
    with Server(command) as server:
        first, second = server.several(2)
        return second.address not in first.hear()


@experiment("05d", "05")
def end_of_line_kept(command):
    for end in ("\n", "\r\n"):
        with Server(command) as server:
            first, second = server.several(2)
            first.send(f"NICK ann{end}")
            second.send(f"NICK bob{end}")
            first.hear()
            second.hear()
            first.send("WHO\n")
            heard = first.hear()
            if "ann" not in heard or "bob" not in heard:
                continue
            if "ann bob" not in heard or "\r" in heard:
                return True
    return False


@experiment("05i", "05")
def renames_another(command):
    with Server(command) as server:
        first, second, third = server.several(3)
        second.send("NICK bob\n")
        first.hear()
        first.send("WHO\n")
        heard = first.hear()
        return (
            "bob" in heard and second.address in heard
            and (first.address not in heard or third.address not in heard)
        )


@experiment("05k departure", "05")
def departure(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        second.close()
        heard = first.hear()
        return '"bob"' not in heard and "bob" not in heard


@experiment("05k prefix", "05")
def prefix(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        first.send("MSG word\n")
        heard = second.hear("word\n")
        return "word" in heard and "ann" not in heard


@experiment("05e", "05")
def cuts_at_spaces(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        first.send("MSG one two  three\n")
        heard = second.hear()
        return "one" in heard and "one two  three" not in heard


@experiment("05k who", "05")
def who_to_all(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        first.send("WHO\n")
        return "ann" in first.hear() and "ann" in second.hear()


@experiment("05h", "05")
def unknown_command(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        first.send("FOO token\n")
        return "token" in second.hear() or first.is_ended()


@experiment("05a", "05")
def segment_is_command(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        first.send("MSG one\nMSG two\n")
        heard = second.hear()
        return "two" in heard and heard.count("ann") == 1


@experiment("05c", "05")
def one_line_a_segment(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        first.send("MSG one\nMSG two\n")
        heard = second.hear()
        return "one" in heard and "two" not in heard


@experiment("05b", "05")
def half_a_line(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        for part in ("MS", "G hel", "lo\n"):
            first.send(part)
            time.sleep(0.05)
        return "hello" not in second.hear()


@experiment("05g", "05")
def without_argument(command):
    for line in ("NICK\n", "\n", "MSG\n", "KILL\n", "KILL bob\n"):
        with Server(command) as server:
            first, _ = server.named("ann", "bob")
            first.send(line)
            if not server.is_alive(0.2):
                return True
    return False


@experiment("05m silent", "05")
def quit_silent(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        first.send("QUIT token\n")
        return "token" not in second.hear()


@experiment("05m open", "05")
def quit_leaves_open(command):
    with Server(command) as server:
        first, _ = server.named("ann", "bob")
        first.send("QUIT token\n")
        return not first.is_ended(0.7) and server.is_alive()


@experiment("05m who", "05")
def quit_stays_in_who(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        first.send("QUIT token\n")
        first.is_ended(0.7)
        second.hear()
        second.send("WHO\n")
        return "ann" in second.hear()


@experiment("05m twice", "05")
def quit_twice(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        first.send("QUIT token\n")
        first.is_ended(0.7)
        lines = second.hear().splitlines()
        return sum("ann" in line and "token" not in line for line in lines) > 1


@experiment("05m after", "05")
def quit_goes_on(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        first.send("QUIT token\nMSG ghost\n")
        return "ghost" in second.hear() and first.is_ended()


@experiment("05o killer", "05")
def kills_the_killer(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        first.send("KILL bob token\n")
        return first.is_ended() and not second.is_ended()


@experiment("05o talks", "05")
def kill_only_talks(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        first.send("KILL bob token\n")
        return not second.is_ended() and not first.is_ended() and server.is_alive()


@experiment("05o silent", "05")
def kill_silent(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        first.send("KILL bob token\n")
        return "token" not in second.hear() and second.has_end


@experiment("05n", "05")
def kill_unknown(command):
    with Server(command) as server:
        first, _ = server.named("ann", "bob")
        first.send("KILL nobody token\n")
        return not server.is_alive()


@experiment("05p", "05")
def half_closed(command):
    for words in (b"WHO\n", b"WHO"):
        with Server(command) as server:
            first, second = server.named("ann", "bob")
            # Data and the end together.
            first.sc.send(words, socket.MSG_MORE)
            first.half_close()
            if "bob" not in first.hear("bob", 1):
                return server.is_alive()
    return False


# Channels.

def in_channels(server, **channels):
    clients = server.named(*channels)
    for client, channel in zip(clients, channels.values()):
        if channel:
            client.send(f"JOIN {channel}\n")
            time.sleep(0.03)
    for client in clients:
        client.hear()
    return clients


@experiment("06a every", "06")
def to_every_channel(command):
    with Server(command) as server:
        ann, bob, cid, dan = in_channels(server, ann="red", bob="red", cid="blue", dan="")
        ann.send("MSG red token\n")
        return "token" not in bob.hear() or "token" in cid.hear() + dan.hear()


@experiment("06a outsider", "06")
def outsider_speaks(command):
    with Server(command) as server:
        ann, bob, cid = in_channels(server, ann="red", bob="blue", cid="")
        bob.send("MSG red token\n")
        cid.send("MSG red token\n")
        return "token" in ann.hear()


@experiment("06b part", "06")
def part_does_nothing(command):
    with Server(command) as server:
        ann, bob = in_channels(server, ann="red", bob="red")
        bob.send("PART\n")
        bob.hear()
        ann.hear()
        ann.send("MSG red token\n")
        return "token" in bob.hear()


@experiment("06b refused", "06")
def join_refused(command):
    with Server(command) as server:
        ann, bob = in_channels(server, ann="red", bob="blue")
        bob.send("JOIN red\n")
        bob.hear()
        ann.hear()
        ann.send("MSG red token\n")
        return "token" not in bob.hear()


@experiment("06b keeps", "06")
def join_keeps(command):
    with Server(command) as server:
        ann, bob, cid = in_channels(server, ann="red", bob="red", cid="blue")
        bob.send("JOIN blue\n")
        bob.hear()
        ann.hear()
        ann.send("MSG red token\n")
        return "token" in bob.hear()


@experiment("06c repeats", "06")
def list_repeats(command):
    with Server(command) as server:
        ann, bob, cid = in_channels(server, ann="red", bob="red", cid="")
        cid.send("LIST\n")
        return cid.hear().split().count("red") > 1


@experiment("06c dead", "06")
def dead_channels(command):
    with Server(command) as server:
        ann, bob, cid = in_channels(server, ann="red", bob="blue", cid="")
        ann.send("PART\n")
        cid.hear()
        cid.send("LIST\n")
        heard = cid.hear()
        return "red" in heard


@experiment("06d disconnects", "06")
def kick_disconnects(command):
    with Server(command) as server:
        ann, bob = in_channels(server, ann="red", bob="red")
        ann.send("KICK bob\n")
        return bob.is_ended()


@experiment("06d anyone", "06")
def anyone_kicks(command):
    with Server(command) as server:
        ann, bob, cid = in_channels(server, ann="red", bob="red", cid="red")
        bob.send("KICK cid\n")
        for client in (ann, bob, cid):
            client.hear()
        ann.send("MSG red token\n")
        return "token" not in cid.hear()


@experiment("06d nick", "06")
def rights_by_nick(command):
    with Server(command) as server:
        ann, bob = in_channels(server, ann="red", bob="red")
        ann.send("NICK eve\n")
        bob.hear()
        ann.send("KICK bob\n")
        bob.hear()
        ann.send("MSG red token\n")
        return "token" in bob.hear()


# What a real server survives.

@experiment("01k", "01", "05")
def not_utf8(command):
    with Server(command) as server:
        client = server.client()
        client.send(b"MSG \xff\xfe token\n")
        return not server.is_alive(0.2) or client.is_ended()


@experiment("01j", "01", "03", "04")
def a_reset_ends_it(command):
    with Server(command) as server:
        client = server.client()
        time.sleep(0.1)
        client.close()
        if not server.is_alive(0.2):
            return False
        client = server.client()
        time.sleep(0.1)
        client.reset()
        return not server.is_alive()


@experiment("05l", "05")
def a_reset_ends_the_chat(command):
    return a_reset_ends_it(command)


@experiment("02d", "02")
def a_thread_panics(command):
    with Server(command) as server:
        client = server.client()
        time.sleep(0.1)
        client.reset()
        deadline = time.monotonic() + 3 * SHORT
        while time.monotonic() < deadline:
            if re.search("panicked|Traceback", server.errors()):
                return server.is_alive()
            time.sleep(0.02)
        return False


@experiment("04c", "04")
def recipient_vanished(command):
    with Server(command) as server:
        first, second, third = server.several(3)
        with server.stopped():
            first.send("token\n")
            time.sleep(0.05)
            second.reset()
        return not server.is_alive() or "token" not in third.hear("token", 1)


@experiment("05f", "05")
def cut_character(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        first.send(b"MSG caf\xc3")
        time.sleep(0.1)
        first.send(b"\xa9\n")
        return "caf\u00e9" not in second.hear()


@experiment("05j", "05")
def duplicate_or_empty(command):
    with Server(command) as server:
        first, second = server.named("ann", "bob")
        second.send("NICK ann\n")
        second.hear()
        first.hear()
        first.send("WHO\n")
        if first.hear().split().count("ann") > 1:
            return True
        second.send("NICK \n")
        second.hear()
        first.hear()
        first.send("WHO\n")
        return len(first.hear().split()) < 3


@experiment("04e", "02", "03", "04", "05")
def slow_reader(command):
    with Server(command) as server:
        reader, writer, slow = server.several(3)
        step = EXPERIMENTS_STEP.get(tuple(command))
        sender = slow if step in ECHOES else writer
        words = b"MSG " + b"x" * 1000 + b"\n"
        sender.sc.settimeout(1)
        ended = threading.Event()

        def read():
            with contextlib.suppress(OSError):
                while not ended.is_set() and reader.sc.recv(1 << 20):
                    pass
        if sender is writer:
            threading.Thread(target=read, daemon=True).start()
        stuck = False
        try:
            for _ in range(400):
                sender.sc.sendall(words * 64)
        except TimeoutError:
            stuck = True
        except OSError:
            pass
        if sender is slow:
            return not reader.says("hello", 2)
        ended.set()
        return stuck


@experiment("03i", "02", "03", "04", "05")
def no_descriptor_left(command):
    with Server(command, descriptors=16) as server:
        clients = []
        for _ in range(20):
            try:
                clients.append(server.client())
            except Dead:
                return True
        time.sleep(0.2)
        return not server.is_alive() or server.cpu() > 0.5


@experiment("03h", "02", "03", "04", "05")
def many_clients(command):
    with Server(command, descriptors=4096) as server:
        try:
            for _ in range(1100):
                server.client()
        except Dead:
            return True
        return not server.is_alive(0.7)


# The servers.

EXPERIMENTS_STEP = {}

NUISANCES = {
    "binds_late": "listens late", "floods_stdout": "floods", "floods_stderr": "floods",
    "prints_binary": "binary", "leaves_a_child": "child", "leaves_a_session": "session",
    "ignores_sigterm": "SIGTERM",
}


def nuisance(name, command):
    """Is a server that must pass the nuisance that it says?"""
    start = time.monotonic()
    with Server(command) as server:
        if name == "binds_late":
            return time.monotonic() - start > 1.4
        if not server.client().says("hello"):
            return False
        time.sleep(0.2)
        if name == "prints_binary":
            return b"\xff\xfe" in b"".join(server.stdout)
        if name.startswith("floods"):
            return len(server.stdout if name.endswith("out") else server.stderr) == 64
        if name.startswith("leaves"):
            child = int(re.search(rb"child (\d+)", b"".join(server.stdout))[1])
            os.kill(server.pid, signal.SIGKILL)
            server.process.wait()
            survives = Path(f"/proc/{child}").exists()
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            return survives
        os.kill(server.pid, signal.SIGTERM)
        os.kill(server.pid, signal.SIGINT)
        return server.is_alive()


def all_servers():
    """(name, step, mistake, command) of all."""
    listed = subprocess.run(
        [TARGET / "wrong", "--list"], capture_output=True, text=True, check=True
    ).stdout
    for line in listed.splitlines():
        name, step, mistake, _ = line.split("\t")
        yield name, step, mistake, (str(TARGET / "wrong"), name)
    for file in sorted(WRONG.glob("*.py")):
        line = subprocess.run(
            [sys.executable, file, "--list"], capture_output=True, text=True, check=True
        ).stdout
        name, step, mistake, _ = line.split("\t")
        yield name, step, mistake, (sys.executable, str(file))
    solutions = (
        "01_blocking_echo", "02_thread_echo", "03_select_echo", "04_broadcast_chat",
        "05_command_chat", "06_channels",
    )
    for name in solutions:
        yield name, name[:2], "-", (str(TARGET / name),)
    for step, serve in (
        ("03", "right.Echo().serve"), ("04", "right.Broadcast().serve"),
        ("05", "right.Commands().serve"),
    ):
        code = (
            f"import sys; sys.path.insert(0, {str(WRONG)!r}); import right; "
            f"{serve}(int(sys.argv[1]))"
        )
        yield f"{serve} (Python)", step, "-", (sys.executable, "-c", code)


def try_out(server):
    name, step, mistake, command = server
    EXPERIMENTS_STEP[tuple(command)] = step
    seen = []
    for other, function in EXPERIMENTS[step]:
        try:
            if function(command):
                seen.append(other)
        except Dead:
            seen.append(f"{other} dead")
        except Exception as error:  # noqa: BLE001: an experiment must not end the rest
            seen.append(f"{other} {type(error).__name__}: {error}")
    first = seen[0].split()[0] if seen else "-"
    is_right = first == mistake
    if name in NUISANCES:
        is_right &= nuisance(name, command)
    return is_right, f"{name}\t{step}\t{mistake}\t{', '.join(seen) or '-'}"


def main():
    wanted = re.compile(sys.argv[1] if len(sys.argv) > 1 else "")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16384), hard))
    servers = [server for server in all_servers() if wanted.search(server[0])]
    failed = 0
    with ThreadPoolExecutor(4) as pool:
        for is_right, line in pool.map(try_out, servers):
            failed += not is_right
            print("ok  " if is_right else "FAIL", line, sep="\t", flush=True)
    print(f"{len(servers)} servers, {failed} without the symptom of their mistake first")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
