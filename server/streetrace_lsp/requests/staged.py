"""What git has staged, without anything that the repository could start.

A repository's configuration can make git run programs: a file system monitor, hooks, external
diffs, text converters, pagers, transports of a partial clone. Each is turned off here, and the
caller looks that the project is trusted all the same.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.prompts.withheld import Rules, may_send

NAME: Final = "staged changes"
LONGEST: Final = 60_000
_SECONDS: Final = 20
_MOST_FILES: Final = 5000
_MOST_LEFT_OUT: Final = 500
# Every line of a file's own begins with another character.
_FILE: Final = re.compile(r"^diff --git ", re.MULTILINE)
_OFF: Final = (
    *("-c", "core.fsmonitor="),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "diff.external="),
    *("-c", "core.quotePath=false"),
)
_DIFF: Final = (
    *("diff", "--cached", "--relative", "--no-ext-diff", "--no-textconv", "--no-color"),
    *("--no-renames", "--ignore-submodules=dirty", "--submodule=short"),
)


class StagedError(StreetraceError):
    """There is nothing staged that may be sent, or git can't say what."""

    is_failure = False


@dataclass(frozen=True)
class Staged:
    """The diff of what is staged; ``left_out``: what of it is not in there, in words."""

    diff: str
    left_out: tuple[str, ...] = ()


def staged(root: Path, rules: Rules) -> Staged:
    """The staged changes below ``root``, without files that may not be sent. Blocks: use a thread.

    Raises `StagedError`.
    """
    git = _git(root)
    # Outside of a repository `git diff` is another command, which knows none of these options.
    _run(git, root, "rev-parse", "--git-dir")
    names = [name for name in _run(git, root, *_DIFF, "--name-only", "-z").split("\0") if name]
    if not names:
        raise StagedError("Nothing is staged.", "Stage what you want to commit: git add FILE.")
    if len(names) > _MOST_FILES:
        raise StagedError(f"{len(names):,} files are staged.", "Commit fewer at once.")
    reasons = {name: may_send(root, root / name, rules) for name in names}
    sent = [name for name, reason in reasons.items() if reason is None]
    left_out = [f"{name} ({reason})" for name, reason in reasons.items() if reason is not None]
    if not sent:
        raise StagedError(f"Nothing of what is staged may be sent: {' and '.join(left_out)}.")
    if len(left_out) > _MOST_LEFT_OUT:
        raise StagedError(f"{len(left_out):,} staged files may not be sent.", "Unstage them.")
    without = [f":(exclude,literal){name}" for name, reason in reasons.items() if reason]
    diff, cut = _capped(_run(git, root, *_DIFF, "--", ".", *without), len(sent))
    return Staged(diff, (*left_out, *cut))


def _capped(diff: str, files: int) -> tuple[str, tuple[str, ...]]:
    """As many whole files as fit, or as much of the first; and what that leaves out."""
    if len(diff) <= LONGEST:
        return diff, ()
    begins = [match.start() for match in _FILE.finditer(diff)]
    fitting = [begin for begin in begins if 0 < begin <= LONGEST]
    if not fitting:
        return diff[:LONGEST].rpartition("\n")[0] + "\n", ("all but the beginning of the diff",)
    left = len(begins) - begins.index(fitting[-1])
    return diff[: fitting[-1]], (f"{left} of {files} files, for which the diff is too long",)


def _git(root: Path) -> str:
    found = shutil.which("git")
    if found is None:
        raise StagedError("git is not installed, or not on the PATH.")
    if Path(os.path.realpath(found)).is_relative_to(os.path.realpath(root)):
        raise StagedError("The git on the PATH lies in the project itself, so it is not used.")
    return found


def _run(git: str, root: Path, *words: str) -> str:
    command = [git, "--no-pager", *_OFF, "-C", str(root), *words]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        # What a partial clone lacks is not fetched: that starts programs, and sends.
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "LC_ALL": "C.UTF-8",
    }
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StagedError(f"git could not be asked: {type(error).__name__}.") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise StagedError(f"git says: {said[-1] if said else 'nothing'}")
    return done.stdout.decode("utf-8", "replace")
