"""An answer that is in the midst of coming, for as long as a test needs, from any backend.

Replay and a small local model are done in no time. So the answer is long, and once it comes, the
model host, which is the server's only child, stands still (SIGSTOP) until the test lets it go on.
Server and editor run as ever.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from editors.neovim.session import Neovim
from lsp.processes import children, command_line


@contextmanager
def held(nvim: Neovim, number: int) -> Iterator[None]:
    """Within, the answer of the ``number``-th job, from 1, has begun and does not go on."""
    nvim.wait("table.concat(seen.progress):find(' writes', 1, true) ~= nil")
    hosts = children(server_of(nvim))
    assert len(hosts) == 1, hosts
    os.kill(hosts[0], signal.SIGSTOP)
    try:
        assert nvim.endings() == number - 1, "the answer was too short to be held"
        yield
    finally:
        # Who ended its server may have ended it as well.
        with suppress(ProcessLookupError):
            os.kill(hosts[0], signal.SIGCONT)
        nvim.lua("seen.progress = {}")


def server_of(nvim: Neovim) -> int:
    """The process of the language server that this Neovim started."""
    servers = [
        pid
        for pid in children(int(nvim.lua("return vim.fn.getpid()")))
        if "bin/streetrace-lsp" in command_line(pid)
    ]
    assert len(servers) == 1, servers
    return servers[0]
