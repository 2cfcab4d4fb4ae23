#!/usr/bin/env python3
"""Echo with asyncio streams: two listening sockets, one IPv4 and one IPv6.

Usage: asyncio_01.py PORT
"""
import asyncio
import sys


# ANCHOR: echo
async def echo(reader, writer):
    try:
        while chunk := await reader.read(4096):
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
# ANCHOR_END: echo


async def main():
    server = await asyncio.start_server(echo, host=None, port=int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
