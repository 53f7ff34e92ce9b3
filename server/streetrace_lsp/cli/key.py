"""``streetrace-lsp key``: store, remove and list the keys that editors without a shell need."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import TYPE_CHECKING, Any

from streetrace_lsp.cli.folders import user_dir
from streetrace_lsp.cli.say import say
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.config.keyring import KeyStore

_DONE, _NOTHING_CHANGED = 0, 1
_LONGEST = 64 * 1024


class NoKeyError(StreetraceError):
    """No key was given."""


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    words = "store keys for editors that are started from a desktop and see no shell variables"
    parser = subparsers.add_parser(
        "key",
        help=words,
        description=f"{words[0].upper()}{words[1:]}. A key is stored under the name of its "
        "variable, in the system's keyring (with the package keyring installed) or in a file that "
        "only you can read. A variable of the shell always wins. The key itself is asked for, or "
        "read from standard input; it is never part of the command.",
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    put = verbs.add_parser("set", help="store a key; asks for it", description="Store a key.")
    put.add_argument("name", metavar="NAME", help="the variable, such as OPENAI_API_KEY")
    put.add_argument(
        "--file", action="store_true", help="use the private file although there is a keyring"
    )
    delete = verbs.add_parser("delete", help="remove a stored key", description="Remove a key.")
    delete.add_argument("name", metavar="NAME", help="the variable")
    verbs.add_parser("list", help="show the names of the stored keys, never a key")


def run(arguments: argparse.Namespace) -> int:
    """Exit status: 0 done, 1 there was no such key, 2 it could not be done."""
    from streetrace_lsp.config.keyring import KeyStore

    store = KeyStore(user_dir())
    store.refresh()
    match arguments.verb:
        case "set":
            return _set(store, arguments)
        case "delete":
            return _delete(store, arguments.name)
        case _:
            return _list(store)


def _set(store: KeyStore, arguments: argparse.Namespace) -> int:
    from streetrace_lsp.config.key_names import no_key
    from streetrace_lsp.config.provider_names import MISNAMED

    name = arguments.name
    if reason := no_key(name):
        raise NoKeyError(f"{name} is no key: {reason}.", "Nothing was stored.")
    place = store.store(name, _given(name), in_file=arguments.file)
    shown = store.path if place == "file" else "the system's keyring"
    print(escape_controls(f"Stored {name} in {shown}."))
    if right := MISNAMED.get(name):
        say(f"Did you mean {right}? Nothing reads {name} unless a configuration names it.")
    if os.environ.get(name):
        say(f"{name} is also set in this shell, and that value wins where it is set.")
    return _DONE


def _given(name: str) -> str:
    """What the person types, unseen, or the one line that standard input holds."""
    if sys.stdin.isatty():
        value = getpass.getpass(f"{escape_controls(name)} (not shown): ")
    else:
        data = sys.stdin.buffer.read(_LONGEST + 1)
        if len(data) > _LONGEST:
            raise NoKeyError("That is too long for a key.", "Nothing was stored.")
        try:
            value = data.decode("utf-8").removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError:
            raise NoKeyError("The key is not UTF-8.", "Nothing was stored.") from None
    if not value.strip():
        raise NoKeyError("No key was given.", "Nothing was stored.")
    return value.strip()


def _delete(store: KeyStore, name: str) -> int:
    if store.remove(name):
        print(escape_controls(f"Removed {name}."))
        return _DONE
    say(f"There is no stored key {name}.")
    return _NOTHING_CHANGED


def _list(store: KeyStore) -> int:
    if store.fault:
        raise store.fault
    for name in store:
        place = "the keyring" if store.place(name) == "keyring" else store.path.name
        hidden = "  (this shell's own value wins)" if os.environ.get(name) else ""
        print(escape_controls(f"{name}  in {place}{hidden}"))
    if not store:
        say("No keys are stored. Store one with: streetrace-lsp key set NAME")
    return _DONE
