"""One request for a reply, bound to one backend: everything that the model host needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from streetrace_lsp.modelhost.wire import ChatFrame, ToolsFrame

from .network import NetworkSettings
from .secret import Secret

if TYPE_CHECKING:
    from .targets import Target

FIRST_TOKEN_CLOUD: Final = 30.0
# A local server may have to load tens of gigabytes before its first token.
FIRST_TOKEN_LOCAL: Final = 300.0
IDLE: Final = 60.0
TOTAL: Final = 600.0
CONNECT: Final = 10.0

# Options that are ours and are never sent to a backend.
_OWN_OPTIONS: Final = ("timeout_first", "timeout_idle", "timeout_total", "timeout_connect")

Message = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long to wait, in seconds: connection, first event, next event, whole reply."""

    connect: float = CONNECT
    first: float = FIRST_TOKEN_CLOUD
    idle: float = IDLE
    total: float = TOTAL


@dataclass(frozen=True, slots=True)
class Tools:
    """What a model may call: each ``name``, ``description`` and ``parameters`` (a JSON Schema).

    ``choice``: ``auto``, ``none``, ``required``, or ``{"name"}`` of the one to call.
    """

    functions: Sequence[Mapping[str, Any]]
    choice: str | Mapping[str, str] = "auto"

    def frame(self) -> ToolsFrame:
        """The tools as plain data for the pipe."""
        choice = self.choice if isinstance(self.choice, str) else dict(self.choice)
        return {"functions": [dict(one) for one in self.functions], "choice": choice}


@dataclass(frozen=True, slots=True)
class ChatCall:
    """What to ask whom. ``origins`` are the only (host, port) pairs that may be reached for it.

    ``key_variables``: those that the key may come from. ``launched``: we started the server.
    """

    backend: str
    provider: str
    model: str
    adapter: str
    messages: Sequence[Message]
    tools: Tools | None = field(default=None, kw_only=True)
    api_base: str | None = None
    origins: tuple[tuple[str, int], ...] = ()
    key: Secret | None = None
    key_variable: str | None = None
    key_variables: tuple[str, ...] = ()
    credentials: Mapping[str, Secret] = field(default_factory=dict)
    headers: Mapping[str, Secret | str] = field(default_factory=dict)
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    recordings: Path | None = None
    local: bool = False
    launched: bool = False
    deadlines: Deadlines = Deadlines()
    network: NetworkSettings = field(default_factory=NetworkSettings)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Every value of this call that must not be seen anywhere."""
        hidden = [value for value in self.headers.values() if isinstance(value, Secret)]
        hidden += self.credentials.values()
        hidden += self.network.secrets
        return (*hidden, self.key) if self.key else tuple(hidden)

    def frame(self) -> ChatFrame:
        """The call as plain data for the pipe, keys included."""
        return {
            "adapter": self.adapter,
            "backend": self.backend,
            "provider": self.provider,
            "model": self.model,
            "messages": [dict(message) for message in self.messages],
            "tools": self.tools.frame() if self.tools else None,
            "api_base": self.api_base,
            "key": self.key.reveal() if self.key else None,
            "credentials": {name: value.reveal() for name, value in self.credentials.items()},
            "origins": [[host, port] for host, port in self.origins],
            "headers": {name: _plain(value) for name, value in self.headers.items()},
            "extra_body": dict(self.extra_body),
            "options": {k: v for k, v in self.options.items() if v is not None},
            "recordings": str(self.recordings) if self.recordings else None,
            "connect_timeout": self.deadlines.connect,
            "total_timeout": self.deadlines.total,
            "network": self.network.frame(),
        }


def chat_call(target: Target, messages: Sequence[Message], tools: Tools | None = None) -> ChatCall:
    """The call that asks ``target``.

    ``timeout_first``, ``timeout_idle``, ``timeout_total`` and ``timeout_connect`` among the
    target's options (seconds) replace the deadlines.
    """
    options = dict(target.options)
    own = {name: float(options.pop(name)) for name in _OWN_OPTIONS if options.get(name)}
    first = FIRST_TOKEN_LOCAL if target.local else FIRST_TOKEN_CLOUD
    return ChatCall(
        backend=target.backend,
        provider=target.provider,
        model=target.model,
        adapter=target.adapter,
        messages=messages,
        tools=tools,
        api_base=target.api_base,
        origins=tuple((origin.host, origin.port) for origin in target.origins),
        key=target.key,
        key_variable=target.key_variable,
        key_variables=target.key_variables,
        credentials=target.credentials,
        headers=target.headers,
        extra_body=target.extra_body,
        options={k: v for k, v in options.items() if k not in _OWN_OPTIONS},
        recordings=target.recordings,
        local=target.local,
        launched=target.launch is not None,
        network=target.network,
        deadlines=Deadlines(
            connect=own.get("timeout_connect", CONNECT),
            first=own.get("timeout_first", first),
            idle=own.get("timeout_idle", IDLE),
            total=own.get("timeout_total", TOTAL),
        ),
    )


def _plain(value: Secret | str) -> str:
    return value.reveal() if isinstance(value, Secret) else value
