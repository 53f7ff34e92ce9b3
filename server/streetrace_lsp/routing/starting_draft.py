"""A configuration for what is on this machine: servers first, then keys, else how to begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streetrace_lsp.config.draft import PULL, SMALL_MODEL, Draft, fit
from streetrace_lsp.config.import_variables import import_variables

from .machine import FoundServer, best_first, servers

if TYPE_CHECKING:
    from streetrace_lsp.config.variables import Variables

    from .host import ModelHost

_NAMES: Final = {
    "ollama": "ollama",
    "lm_studio": "studio",
    "llamafile": "llama",
    "hosted_vllm": "vllm",
}


@dataclass(frozen=True)
class Start:
    """What was found, in sentences; the draft that follows from it; and what to do next.

    ``pull``: the command to run first, where there is one.
    """

    found: tuple[str, ...]
    draft: Draft
    pull: str = ""


async def start(variables: Variables, host: ModelHost, *, from_project: bool) -> Start:
    """Look at this machine. Only loopback is contacted; of variables only the names count."""
    there = await servers(variables, host)
    draft, pull = Draft(), ""
    for server in best_first(there):
        name = _add(draft, server)
        if server.chat:
            draft.choose(name, [])
        elif server.provider == "ollama" and "model" not in draft.table:
            pull = PULL
            draft.choose(name, [])
    # A provider answers only where nothing on this machine can.
    own = [server for server in there if server.chat or server.provider == "ollama"]
    keys = import_variables(variables.shell_only().has, draft, choose=not own)
    fit(draft, "this machine", from_project=from_project)
    return Start((*map(_sentence, there), *(f"{name} is set" for name in keys)), draft, pull)


def _add(draft: Draft, server: FoundServer) -> str:
    """The backend for a server; its name."""
    name = draft.free_name(_NAMES[server.provider])
    llama = server.provider == "llamafile"
    backend = draft.backends[name] = {"provider": "openai" if llama else server.provider}
    if llama or not server.usual:
        # An editor that is started from a desktop sees no variable with the address.
        backend["api_base"] = server.base
        if server.provider != "ollama":
            backend["api_key"] = ""
            draft.remark(name, f"{server.title}, which wants no key.")
    if server.chat:
        backend["model"] = server.chat[0]
        if others := server.chat[1:6]:
            draft.models[name] = f"It also has: {', '.join(others)}."
    elif server.provider == "ollama":
        backend["model"] = SMALL_MODEL
        draft.remark(name, f"Ollama has no chat model yet. Run: {PULL}")
    else:
        command = f"streetrace-lsp models --backend {name}"
        draft.remark(
            name, f'No chat model is loaded. Load one, then write model = "…" ({command}).'
        )
    return name


def _sentence(server: FoundServer) -> str:
    if not server.chat:
        return f"{server.title} at {server.base}, without a chat model"
    return f"{server.title} at {server.base}: {_listed(server.chat)}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
