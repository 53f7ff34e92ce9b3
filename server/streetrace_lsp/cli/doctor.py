"""``streetrace-lsp doctor``: does the configured backend answer, and if not, why."""

from __future__ import annotations

import argparse
import asyncio
import os
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from streetrace_lsp import __version__
from streetrace_lsp.cli.files import FileError, located, workspace_root
from streetrace_lsp.cli.folders import state_dir, user_dir
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.config.load import Configuration
    from streetrace_lsp.routing.host import ModelHost
    from streetrace_lsp.routing.targets import Target


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    words = "check the configuration, and each backend with a call of one token"
    parser = subparsers.add_parser("doctor", help=words, description=words)
    parser.add_argument(
        "path", nargs="?", default=".", metavar="PATH", help="a file or folder of the project"
    )
    parser.add_argument("--model", help="check this target only")


def run(arguments: argparse.Namespace) -> int:
    """Print what is found. Exit status 0 when the checked targets answered."""
    return asyncio.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    from streetrace_lsp.config.load import load
    from streetrace_lsp.routing.host import ModelHost

    document = _document(Path(arguments.path))
    configuration = load(
        document,
        workspace_root(document),
        environ=os.environ,
        user_dir=user_dir(),
        state_dir=state_dir(),
    )
    _line(f"streetrace-lsp {__version__}")
    healthy = _configuration(configuration)
    host = ModelHost(log=lambda _: None)
    try:
        wanted = [arguments.model] if arguments.model else _targets(configuration)
        for name in wanted:
            healthy = await _target(configuration, name, host) and healthy
    finally:
        await host.close()
    return 0 if healthy else 1


def _line(text: str) -> None:
    print(escape_controls(text))


def _document(path: Path) -> Path:
    """A folder stands for any file in it."""
    path = located(path)
    if not path.exists():
        raise FileError(f"{path} does not exist.", "Name a file or folder of the project.")
    return path / "any" if path.is_dir() else path


def _configuration(configuration: Configuration) -> bool:
    if configuration.user_path.is_file():
        _line(f"configuration  {escape_controls(str(configuration.user_path))}")
    project = configuration.project
    if project is not None:
        _line(f"configuration  {escape_controls(str(project.path))}")
        _line(f"trust          {project.status}")
        if project.question is not None:
            _line(f"               To agree to it: {project.question.command}")
    for problem in configuration.problems:
        _line(f"{problem.severity:<14} {problem.path.name}: {problem.message}")
        if problem.suggestion:
            _line(f"               {problem.suggestion}")
    return not any(problem.severity == "error" for problem in configuration.problems)


def _targets(configuration: Configuration) -> list[str | None]:
    """The default target first, then every configured backend."""
    backends = list(configuration.settings.backends)
    default = configuration.settings.model
    others = [name for name in backends if default is None or name != default.split("/")[0]]
    return [None, *others]


async def _target(configuration: Configuration, name: str | None, host: ModelHost) -> bool:
    from streetrace_lsp.requests.target import target_for

    _line(f"\ntarget         {name or 'the default'}")
    try:
        target = await target_for(configuration, "ask", name, host)
    except StreetraceError as error:
        _line(f"  problem      {error.message}\n  next         {error.next_step}")
        return False
    _line(f"  model        {target.provider}: {target.model}")
    variable = f"{target.key_variable} is set" if target.key_variable and target.key else None
    _line(f"  key          {variable or ('given' if target.key else 'none')}")
    _line(f"  endpoint     {target.api_base or 'the provider’s own'}")
    return await _one_token(target, host)


async def _one_token(target: Target, host: ModelHost) -> bool:
    from dataclasses import replace

    from streetrace_lsp.routing.call import reply

    if target.adapter == "replay":
        there = target.recordings is not None and target.recordings.is_dir()
        _line(f"  recordings   {target.recordings} ({'found' if there else 'missing'})")
        return there
    small = replace(target, options={**target.options, "max_tokens": 1})
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        async with aclosing(
            reply(host, small, [{"role": "user", "content": "Say yes."}])
        ) as stream:
            async for _ in stream:
                pass
    except StreetraceError as error:
        _line(f"  problem      {error.message}\n  next         {error.next_step}")
        return False
    _line(f"  one token    answered in {loop.time() - began:.1f} s")
    return True
