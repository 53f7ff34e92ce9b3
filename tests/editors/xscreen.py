"""A private X server without a monitor, and its screen as a PNG."""

from __future__ import annotations

import os
import struct
import subprocess
import zlib
from pathlib import Path

WIDTH, HEIGHT = 720, 480
# X11/XWDFile.h: 25 words, big-endian, then the window's name, the colours, the pixels.
_WORDS = 25
_COLOUR = 12
_START = 30.0


class XScreen:
    """A display named by ``name``; end it with `close`."""

    def __init__(self, folder: Path) -> None:
        reader, writer = os.pipe()
        self._memory = folder / "Xvfb_screen0"
        # It chooses a free display, and writes its number once it takes connections.
        self._process = subprocess.Popen(
            [
                *("Xvfb", "-displayfd", str(writer), "-screen", "0", f"{WIDTH}x{HEIGHT}x24"),
                *("-fbdir", str(folder), "-nolisten", "tcp"),
            ],
            pass_fds=[writer],
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        with os.fdopen(reader) as told:
            self.name = f":{told.readline().strip()}"

    def pixel(self, column: int, row: int) -> bytes:
        """One pixel: blue, green, red, and a byte without meaning."""
        data, start, stride, _, _ = self._read()
        return data[start + row * stride + column * 4 :][:4]

    def png(self) -> bytes:
        """The screen as it is now."""
        data, start, stride, width, height = self._read()
        rows = bytearray()
        for row in range(height):
            line = data[start + row * stride :][: width * 4]
            rgb = bytearray(width * 3)
            rgb[0::3], rgb[1::3], rgb[2::3] = line[2::4], line[1::4], line[0::4]
            rows += b"\0" + rgb
        parts = (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(bytes(rows), 9)),
            (b"IEND", b""),
        )
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            for kind, body in parts
        )

    def _read(self) -> tuple[bytes, int, int, int, int]:
        """The memory, where its pixels begin, bytes in a row, width, height."""
        data = self._memory.read_bytes()
        words = struct.unpack_from(f">{_WORDS}I", data)
        return data, words[0] + words[19] * _COLOUR, words[12], words[4], words[5]

    def close(self) -> None:
        """End the display, and with it what is shown there."""
        self._process.terminate()
        self._process.wait(_START)
