#!/usr/bin/env python3
"""Chat with asyncio protocols: bytes from one go to all the others as they come.

Usage: asyncio_04.py PORT
"""
import asyncio
import logging
import sys


class Member(asyncio.Protocol):
    room = []

    def connection_made(self, transport):
        self.transport = transport
        self.address = transport.get_extra_info("peername")[:2]
        self.room.append(self)
        logging.info("%s port %d came in", *self.address)

    def data_received(self, data):
        for member in self.room:
            if member is not self:
                member.transport.write(data)

    def connection_lost(self, exc):
        self.room.remove(self)
        logging.info("%s port %d went away (%s)", *self.address, exc or "end of file")


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Member, port=int(sys.argv[1]))
    await server.serve_forever()


logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
asyncio.run(main())
