#!/usr/bin/env python3
"""select takes descriptors up to 1023."""

import right

right.FD_SETSIZE = 1 << 20

right.main(
    right.Echo().serve,
    "03", "03h", "gives select any descriptor: ValueError from 1024 on",
)
