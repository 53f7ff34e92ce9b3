"""``streetrace/keys``: the editor tells which keys it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streetrace_lsp.lsp.params import ParamsError, fields, object_of, version_of
from streetrace_lsp.lsp.request_errors import read

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer


@dataclass(frozen=True)
class KeysParams:
    """``streetrace/keys`` as it was sent."""

    version: int
    names: tuple[str, ...]


def read_keys(params: Any) -> KeysParams:
    """Raises `ParamsError`."""
    given = object_of(params, "the parameters", fields(KeysParams))
    version, names = version_of(given), given.get("names")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ParamsError("names: takes a list of texts.")
    return KeysParams(version, tuple(names))


def told(server: StreetraceServer, params: Any) -> None:
    """``streetrace/keys``: the editor holds these keys from now on."""
    given = read(read_keys, params)
    if server.profile.holds_keys:
        server.settings.editor_keys.tell(given.names)
        server.settings.look_again()
