"""Where a target's key comes from, or would come from: said without ever taking it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from streetrace_lsp.config.expand import references
from streetrace_lsp.config.provider_names import MISNAMED
from streetrace_lsp.config.variables import Variables

from .providers import Provider

if TYPE_CHECKING:
    from streetrace_lsp.config.model import Backend

    from .targets import Target

Found = Literal["set", "not set", "written", "login", "none sent", "none needed"]
Place = Literal["shell", ".env", "editor", "key store"]

# The rest of the name of a variable after what says whose it is.
_ENDINGS: Final = ("_API_KEY", "_KEY", "_API_TOKEN", "_TOKEN", "_APIKEY", "_SECRET_KEY")


@dataclass(frozen=True, slots=True)
class KeyFound:
    """The state of a key.

    ``found``: "set" or "not set" (``variable`` says which), "written" in the configuration
    itself, "login" (by the variables or files in ``variable``), "none sent" (to another address
    than the provider's own goes only what is configured for it), or "none needed". ``place``:
    where the variable is set. ``mistaken``: a variable that is set and was probably meant.
    """

    found: Found
    variable: str | None = None
    place: Place | None = None
    mistaken: str | None = None


def key_found(
    backend: Backend,
    provider: Provider,
    variables: Variables,
    target: Target | None,
    usable: tuple[str, ...] | None = None,
) -> KeyFound:
    """The key of a backend; ``target`` is what it resolved to, None where it did not;
    then ``usable`` are the variables that its key may come from, None for the provider's.

    Call it only where the key's variable may be looked up: the file is the user's, or trusted.
    """
    named = references(backend.api_key) if backend.api_key is not None else ()
    if target is not None and target.key is not None:
        variable = target.key_variable
        if variable is None or not variables.has(variable):
            return KeyFound("written")
        return KeyFound("set", variable, place_of(variable, variables))
    if target is not None and (target.credentials or _login_files(target)):
        names = [name for _, name in provider.credentials if variables.has(name)]
        files = _login_files(target)
        return KeyFound("login", ", ".join(names if target.credentials else files))
    wanted = named or (provider.key_variables if usable is None else usable)
    if not wanted or (target is not None and not named):
        # Resolved without one: the server asks for none, or says so itself.
        reached = target.key_variables if target is not None else wanted
        return KeyFound("none sent" if provider.needs_key and not reached else "none needed")
    return KeyFound("not set", wanted[0], None, mistaken(wanted, variables))


def place_of(variable: str, variables: Variables) -> Place:
    """Where the value of a variable that is set comes from."""
    if variables.shell.get(variable):
        return "shell"
    if variables.dotenv.get(variable):
        return ".env"
    return "editor" if variables.held_by_editor(variable) else "key store"


def mistaken(wanted: tuple[str, ...], variables: Variables) -> str | None:
    """A variable that is set and similarly named, for wanted ones that are not."""
    for variable in wanted:
        known = [wrong for wrong, right in MISNAMED.items() if right == variable]
        ending = next((end for end in _ENDINGS if variable.endswith(end)), "")
        stem = variable.removesuffix(ending)
        guesses = [f"{stem}{end}" for end in _ENDINGS] if ending else []
        guesses += [guess.lower() for guess in (variable, *guesses)]
        for name in dict.fromkeys((*known, *guesses)):
            if name not in wanted and variables.has(name):
                return name
    return None


def _login_files(target: Target) -> list[str]:
    return [
        str(value)
        for option, value in target.options.items()
        if option.endswith(("_credentials_file", "_config_file", "_credentials"))
    ]
