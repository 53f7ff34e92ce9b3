"""Neovim's own remote procedure calls over its standard input and output.

MessagePack-RPC: [0, id, method, arguments] is answered by [1, id, error, result]. A dozen lines
of our own, because a test must end the process by its id even where Neovim waits for a key.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgpack

from editors.provisioned import Program

# A busy machine gets this long for one call, in seconds: longer than a call may wait inside.
_PATIENCE = 120.0
_END = 10.0


class Channel:
    """One ``nvim --embed --headless``; close it with `close`."""

    def __init__(
        self, program: Program, folder: Path, environment: Mapping[str, str], *options: str
    ) -> None:
        self._process = subprocess.Popen(
            [*program.command, "--embed", "--headless", "-n", *options],
            cwd=folder,
            env={**environment, **program.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._ids = itertools.count(1)
        self._answers = msgpack.Unpacker()

    def request(self, method: str, *arguments: Any) -> Any:
        """Call an API function (``:help api``) and return its result."""
        number = next(self._ids)
        assert self._process.stdin is not None
        self._process.stdin.write(msgpack.packb([0, number, method, arguments]))
        self._process.stdin.flush()
        while True:
            for kind, *rest in self._answers:
                if kind == 1 and rest[0] == number:
                    assert rest[1] is None, f"{method}: {rest[1][1]}"
                    return rest[2]
            self._answers.feed(self._read(method))

    def lua(self, code: str, *arguments: Any) -> Any:
        """Run Lua in Neovim, with ``...`` for the arguments, and return its value."""
        return self.request("nvim_exec_lua", code, arguments)

    def close(self) -> None:
        """Quit without saving; closing the channel ends it even where it waits for a key."""
        if self._process.poll() is not None:
            return
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        quit_all = msgpack.packb([2, "nvim_command", ["qall!"]])
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(quit_all)
            self._process.stdin.close()
        self._process.stdout.close()
        try:
            self._process.wait(_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_END)

    def _read(self, method: str) -> bytes:
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], _PATIENCE)
        assert ready, f"Neovim did not answer {method}"
        data = os.read(self._process.stdout.fileno(), 1 << 16)
        assert data, f"Neovim ended during {method}"
        return data
