"""``streetrace-lsp``: the subcommands."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from streetrace_lsp import __version__
from streetrace_lsp.cli.signals import stopping_in_order

# Each module has add_parser(subparsers) and run(arguments) -> exit status. They are imported
# only when asked for: an editor that starts the server waits for none of them.
_COMMANDS = (
    "init", "run", "apply", "doctor", "models", "usage", "key", "config", "trust", "schema",
    "helix", "demo",
)  # fmt: skip
# As a shell says it of a program that SIGPIPE ended.
_NO_READER = 128 + 13
_CTRL_C = 128 + 2
_SERVE_HELP = "speak LSP over standard input and output (the default)"


def parser(commands: Sequence[str] = _COMMANDS) -> argparse.ArgumentParser:
    """The parser of the whole command line, for these subcommands."""
    top = argparse.ArgumentParser(
        prog="streetrace-lsp",
        description="A language server that brings the model your project names into any editor.",
    )
    top.add_argument("--version", action="version", version=f"streetrace-lsp {__version__}")
    subparsers = top.add_subparsers(dest="command", metavar="COMMAND")
    serve = subparsers.add_parser("serve", help=_SERVE_HELP, description=_SERVE_HELP)
    serve.add_argument(
        "--model",
        metavar="TARGET",
        help="the target for this session, before every configuration, such as claude/chat",
    )
    # Several editors add this to every server's command line; standard I/O is all we speak.
    serve.add_argument("--stdio", action="store_true", help=argparse.SUPPRESS)
    for name in commands:
        importlib.import_module(f"streetrace_lsp.cli.{name}").add_parser(subparsers)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    given = list(sys.argv[1:] if argv is None else argv)
    with stopping_in_order() as stopping:
        try:
            status = _run(given)
        except KeyboardInterrupt:
            from streetrace_lsp.cli.say import say

            # A terminal that was closed hears nothing.
            with suppress(OSError):
                say("stopped.")
            status = _CTRL_C
    return status if stopping.status is None else stopping.status


def _run(given: Sequence[str]) -> int:
    if not given and sys.stdin.isatty():
        from streetrace_lsp.cli.say import say

        say("waits for an editor, which speaks LSP with it. For people: streetrace-lsp --help")
    if given in ([], ["serve"], ["--stdio"], ["serve", "--stdio"]):
        return _serve()
    arguments = parser().parse_args(given)
    if arguments.command in (None, "serve"):
        return _serve(getattr(arguments, "model", None))
    from streetrace_lsp.cli.say import say
    from streetrace_lsp.errors import StreetraceError

    module = importlib.import_module(f"streetrace_lsp.cli.{arguments.command}")
    try:
        status = int(module.run(arguments))
        # Not at the exit, where nobody can catch what goes wrong.
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        if _has_reader():
            raise
        return _NO_READER
    except StreetraceError as error:
        say(error.sentence)
        return 2


def _has_reader() -> bool:
    """Whether somebody still reads the output; if not, as with ``| head``, it leads nowhere."""
    try:
        sys.stdout.flush()
        # A write that failed may have left nothing to flush.
        gone = _is_closed(sys.stdout.fileno())
    except BrokenPipeError:
        gone = True
    if gone:
        # What is left in the buffer would fail again at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return not gone


def _is_closed(pipe: int) -> bool:
    """Whether the other end of a pipe is closed (poll(2): POLLERR on the end that writes)."""
    import select

    if not hasattr(select, "poll"):
        return False
    looking = select.poll()
    looking.register(pipe, 0)
    return any(event & select.POLLERR for _, event in looking.poll(0))


def _serve(model: str | None = None) -> int:
    from streetrace_lsp.cli.folders import state_dir, user_dir
    from streetrace_lsp.lsp.serve import serve

    return serve(user_dir, state_dir, model)
