"""The child's two pipes are out of the reach of whatever a library prints or reads."""

from __future__ import annotations

import subprocess
import sys

# Prints as a library does, and then answers on the pipe.
CHATTY = """
import os
from streetrace_lsp.modelhost.__main__ import _take_pipes
incoming, outgoing = _take_pipes()
print("a banner")
os.system("echo from a program")
os.write(outgoing, os.read(incoming, 100))
assert os.read(0, 100) == b""
"""


def test_only_frames_reach_the_pipe() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", CHATTY], input=b"a frame", capture_output=True, check=True
    )
    assert done.stdout == b"a frame"
    assert b"a banner" in done.stderr
    assert b"from a program" in done.stderr
