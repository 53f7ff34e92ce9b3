"""What changed since the last commit, by git: only for a project that its person trusts.

A repository's own configuration can make git start programs. The switches below turn off those
that are known (``core.fsmonitor``, hooks, external differs, text converters, submodules); what a
filter in ``.git/config`` may do is why trust is asked for.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from pathlib import Path
from typing import Final

from streetrace_lsp.chat.attach import ALONE, LARGEST, Refusal, refuse
from streetrace_lsp.prompts.withheld import Rules

_ARGUMENTS: Final = (
    *("-c", "core.fsmonitor=", "-c", f"core.hooksPath={os.devnull}", "-c", "core.quotePath=false"),
    *("-c", "color.ui=false", "--no-pager", "--no-optional-locks"),
    *("diff", "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=all"),
    *("--src-prefix=a/", "--dst-prefix=b/", "--relative", "HEAD", "--"),
)
_SECONDS: Final = 10.0
_FILE = re.compile(r"^(?=diff --git )", re.MULTILINE)
# The names in what git writes above the first hunk of a file.
_NAMES = re.compile(r"^(?:(?P<side>---|\+\+\+)|rename (?:from|to)) (?P<name>.+?)\t?$", re.MULTILINE)
_SAME = re.compile(r'diff --git (?:a/.* (?P<plain>b/.+)|"a/.*" (?P<quoted>"b/.+"))')
# How git writes a name with quotes, backslashes or control characters in it.
_ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_CONTROLS: Final = dict(zip(b"abtnvfr", b"\a\b\t\n\v\f\r", strict=True))


async def diff(root: Path, rules: Rules = ALONE) -> str | Refusal:
    """The changes of the files below ``root`` that may be sent, as a unified diff."""
    git = _git(root)
    if git is None:
        return Refusal("@diff needs git, and there is none on the PATH.")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    # What a partial clone lacks is not fetched: that starts programs, and sends.
    environment |= {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
    environment |= {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8"}
    try:
        process = await asyncio.create_subprocess_exec(
            git,
            *_ARGUMENTS,
            cwd=root,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError as error:
        return Refusal(f"@diff needs git: {error.strerror}.")
    try:
        async with asyncio.timeout(_SECONDS):
            out, _ = await process.communicate()
    except TimeoutError:
        return Refusal(f"@diff: git took longer than {_SECONDS:g} s.")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        return Refusal("@diff: git finds no commit to compare with in the workspace folder.")
    shown = "".join(
        part for part in _FILE.split(out.decode("utf-8", "replace")) if _may(root, part, rules)
    )
    if len(shown) > LARGEST:
        return Refusal(f"@diff is not sent: it is larger than {LARGEST // 1024} KiB.")
    return shown


def _git(root: Path) -> str | None:
    """The program, unless it lies in the project itself."""
    git = shutil.which("git")
    inside = git is not None and Path(os.path.realpath(git)).is_relative_to(os.path.realpath(root))
    return None if inside else git


def _may(root: Path, part: str, rules: Rules) -> bool:
    above = part.partition("\n@@ ")[0]
    names = [
        _name(found["name"], side=bool(found["side"]))
        for found in _NAMES.finditer(above)
        if found["name"] != "/dev/null"
    ]
    if not names and (same := _SAME.match(above)) is not None:
        # Nothing but its mode has changed, it is empty, or it is no text.
        names = [_name(same["plain"] or same["quoted"], side=True)]
    # What can't be told is not sent.
    return bool(names) and all(refuse(root, name, rules) is None for name in names)


def _name(written: str, *, side: bool) -> str:
    """The path in a line of git's, relative to the folder; ``side``: behind ``a/`` or ``b/``."""
    if written.startswith('"') and written.endswith('"'):
        inside = written[1:-1].encode("utf-8", "surrogateescape")
        written = _ESCAPED.sub(_unescaped, inside).decode("utf-8", "replace")
    return written[2:] if side else written


def _unescaped(found: re.Match[bytes]) -> bytes:
    said = found[1]
    if len(said) == len("000"):
        return bytes([int(said, 8) & 0xFF])
    return bytes([_CONTROLS.get(said[0], said[0])])
