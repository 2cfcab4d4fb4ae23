#!/usr/bin/env python3
"""Echo, a thread per client, with the module socketserver. Usage: threads_02.py PORT"""
import socket
import socketserver
import sys


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            for chunk in iter(lambda: self.request.recv(4096), b""):
                self.request.sendall(chunk)
        except ConnectionError as error:
            print("lost", self.client_address[:2], error, file=sys.stderr)


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    address_family = socket.AF_INET6
    allow_reuse_address = True
    daemon_threads = True

    def server_bind(self):
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()


with Server(("", int(sys.argv[1])), Echo) as server:
    server.serve_forever()
