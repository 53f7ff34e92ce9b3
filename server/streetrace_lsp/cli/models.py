"""``streetrace-lsp models``: which models there are to choose from, and fetching one more."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from streetrace_lsp.cli.files import workspace_root
from streetrace_lsp.cli.folders import state_dir, user_dir
from streetrace_lsp.cli.say import say
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.config.load import Configuration
    from streetrace_lsp.routing.inventory import Inventory, Row
    from streetrace_lsp.routing.listing import Pulling

_DONE, _FAILED = 0, 1
_MIB, _GIB = 1 << 20, 1 << 30


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    words = "list the models of the configured servers, or fetch one for Ollama"
    parser = subparsers.add_parser("models", help=words, description=words)
    parser.add_argument("--backend", metavar="NAME", help="of this backend or provider only")
    parser.add_argument(
        "--providers", action="store_true", help="list the providers and their variables instead"
    )
    parser.add_argument("--json", action="store_true", help="as JSON (see docs/models.md)")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    pull = verbs.add_parser(
        "pull",
        help="have Ollama fetch a model, with progress",
        description="Has Ollama fetch a model. Ctrl-C stops it; Ollama keeps what has come.",
    )
    pull.add_argument("name", metavar="NAME", help="the model, such as qwen2.5-coder:7b")
    pull.add_argument(
        "--backend",
        metavar="NAME",
        # The one before the verb counts as well.
        default=argparse.SUPPRESS,
        help="the backend whose server fetches it",
    )


def run(arguments: argparse.Namespace) -> int:
    """Exit status: 0 done, 1 a server did not answer or the project is not trusted, 2 it could
    not be done."""
    if arguments.providers:
        return _providers(as_json=arguments.json)
    configuration = _configuration()
    if configuration.fault is not None:
        raise configuration.fault
    if arguments.verb == "pull":
        return asyncio.run(_pull(configuration, arguments.name, arguments.backend))
    return asyncio.run(_list(configuration, arguments.backend, as_json=arguments.json))


def _configuration() -> Configuration:
    from streetrace_lsp.config.load import load
    from streetrace_lsp.config.switch import SwitchStore

    document = Path.cwd() / "any"
    root, state = workspace_root(document), state_dir()
    return load(
        document,
        root,
        environ=os.environ,
        user_dir=user_dir(),
        state_dir=state,
        switched=SwitchStore(state).target(root),
    )


async def _list(configuration: Configuration, backend: str | None, *, as_json: bool) -> int:
    from streetrace_lsp.config.plain_trust import plain_trust
    from streetrace_lsp.routing.findings import untrusted
    from streetrace_lsp.routing.host import ModelHost
    from streetrace_lsp.routing.inventory import inventory

    rows: list[Row] = []
    faults: list[tuple[str, StreetraceError]] = []
    host = ModelHost(log=lambda _: None)
    try:
        async for found in inventory(configuration, host, backend):
            rows += found.rows
            if found.fault is not None:
                faults.append((found.backend, found.fault))
            if not as_json:
                _print_server(found)
            for fault in [found.fault] if found.fault else []:
                say(fault.sentence)
    finally:
        await host.close()
    if as_json:
        print(json.dumps(_as_data(rows, faults), indent=1))
    left = untrusted(configuration)
    project = configuration.project
    if left and project is not None and backend is None:
        trust = plain_trust(project)
        said = f"Not listed, as {project.path} is not trusted: {', '.join(left)}."
        say(f"{said} {trust.next_step}".strip())
    return _FAILED if faults or (left and backend is None) else _DONE


def _as_data(rows: Sequence[Row], faults: Sequence[tuple[str, StreetraceError]]) -> dict[str, Any]:
    return {
        "models": [
            {
                "target": row.target,
                "backend": row.backend,
                "model": row.model.name,
                "context_window": row.model.context_window,
                "input_price": row.model.input_price,
                "output_price": row.model.output_price,
                "loaded": row.model.loaded,
                "size": row.model.size,
                "listed": row.listed,
                "configured_as": list(row.configured_as),
            }
            for row in rows
        ],
        "problems": [
            {"backend": name, "message": fault.message, "next_step": fault.next_step}
            for name, fault in faults
        ],
    }


def _print_server(found: Inventory) -> None:
    from streetrace_lsp.routing.unconfigured import chat_models

    rows = found.rows
    waits = ", which is started when it is needed and does not run now" if found.waits else ""
    print(escape_controls(f"{found.backend}  ({found.server}{waits})"))
    if found.fault is not None:
        print("  no list: see below")
    elif not rows and not found.waits:
        print("  no models")
    # The reason comes on standard error, after what it is about.
    sys.stdout.flush()
    wide = min(60, max((len(row.target) for row in rows), default=0))
    for row in rows:
        model = row.model
        words = [
            "" if row.target.endswith(model.name) else model.name,
            f"{model.context_window:,} tokens" if model.context_window else "",
            _prices(model.input_price, model.output_price),
            _size(model.size) if model.size else "",
            "loaded" if model.loaded else "",
            "" if chat_models([model.name]) else "not for answers",
            f"configured as {', '.join(row.configured_as)}" if row.configured_as else "",
            "configured, but not in the server's list" if row.listed is False else "",
        ]
        shown = "  ".join(word for word in words if word)
        print(escape_controls(f"  {row.target:<{wide}}  {shown}".rstrip()))


def _prices(first: float | None, second: float | None) -> str:
    if first is None or second is None:
        return ""
    return "free" if not first and not second else f"${first:g} in, ${second:g} out per million"


def _size(size: int) -> str:
    return f"{size / _GIB:.1f} GiB" if size >= _GIB else f"{max(1, size // _MIB)} MiB"


def _providers(*, as_json: bool) -> int:
    from streetrace_lsp.config.keyring import KeyStore
    from streetrace_lsp.config.providers import PROVIDERS
    from streetrace_lsp.config.variables import Variables

    store = KeyStore(user_dir())
    store.refresh()
    variables = Variables(os.environ, stored=store)
    data: list[dict[str, Any]] = []
    for provider in PROVIDERS.values():
        names = [
            *provider.key_variables,
            *(name for _, name in provider.credentials),
            *provider.login_variables,
        ]
        there = [name for name in names if variables.has(name)]
        data.append(
            {
                "provider": provider.name,
                "title": provider.title,
                "variables": names,
                "set": there,
                "base": provider.base,
                "base_variables": list(provider.base_variables),
            }
        )
        if not as_json:
            shown = ", ".join(f"{name} (set)" if name in there else name for name in names)
            print(f"{provider.name:<15}{provider.title:<19}{shown or 'no key'}")
    if as_json:
        print(json.dumps({"providers": data}, indent=1))
    return _DONE


async def _pull(configuration: Configuration, name: str, backend: str | None) -> int:
    from contextlib import aclosing

    from streetrace_lsp.routing.host import ModelHost
    from streetrace_lsp.routing.inventory import target_to_pull
    from streetrace_lsp.routing.listing import pull

    target = target_to_pull(configuration, name, backend)
    show = _progress()
    host = ModelHost(log=lambda _: None)
    try:
        async with aclosing(pull(host, target)) as parts:
            async for part in parts:
                show(part)
    finally:
        await host.close()
    print(escape_controls(f"{name} is there. Use it as: {target.backend}/{name}"))
    return _DONE


def _progress() -> Callable[[Pulling], None]:
    """Shows progress on standard error: one line that moves on a terminal, else a line per step."""
    last: list[str] = [""]
    moves = sys.stderr.isatty()

    def show(part: Pulling) -> None:
        words = escape_controls(part.status)
        if part.total and part.completed is not None:
            share = 100 * part.completed // part.total
            words = f"{words}  {share}% of {_size(part.total)}"
        if moves:
            print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)
        elif part.status != last[0] or part.completed == part.total:
            print(words, file=sys.stderr, flush=True)
        last[0] = part.status
        if moves and part.status == "success":
            print(file=sys.stderr)

    return show
