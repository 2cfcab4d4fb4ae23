#!/usr/bin/env python3
"""Ten bytes come, four are read. Does epoll speak of the other six? Asks it twice,
level triggered and edge triggered (Linux). Usage: edge.py
"""
import select
import socket


def ask_twice(name, mode):
    # ANCHOR: ask
    here, there = socket.socketpair()
    epoll = select.epoll()
    epoll.register(here, select.EPOLLIN | mode)
    there.sendall(b"ten bytes\n")
    print(name, "has", len(epoll.poll(0)), "ready")
    here.recv(4)
    print(name, "has", len(epoll.poll(0)), "ready, with six bytes left")
    # ANCHOR_END: ask


ask_twice("level", 0)
ask_twice("edge", select.EPOLLET)
