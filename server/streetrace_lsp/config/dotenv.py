"""A trusted project's `.env`, read as data: no expansion, no commands, only expected names."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from .find import UnreadableError, inside, read_file

DOTENV_NAME: Final = ".env"
# These would change how the network is reached or trusted; a project never decides that.
NETWORK_VARIABLES: Final = frozenset(
    {
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "SSL_VERIFY",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "SSL_CERTIFICATE",
        "SSL_SECURITY_LEVEL",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "AWS_CA_BUNDLE",
        "NODE_EXTRA_CA_CERTS",
        "NODE_TLS_REJECT_UNAUTHORIZED",
        "PYTHONHTTPSVERIFY",
    }
)
# A path or a profile there would make a library read files of the user's home or the project.
FILE_VARIABLES: Final = frozenset(
    {
        "GOOGLE_APPLICATION_CREDENTIALS",
        "AWS_PROFILE",
        "AWS_PROFILE_NAME",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_CONFIG_FILE",
    }
)
_LINE: Final = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*")
_QUOTED: Final = re.compile(r"""(?:"([^"]*)"|'([^']*)')\s*(?:#.*)?""")


def read_dotenv(folder: Path, root: Path, names: AbstractSet[str]) -> dict[str, str]:
    """The variables of ``folder``'s `.env` whose names are in ``names``.

    Network and file variables are left out even if named. Raises `UnreadableError` for a
    symbolic link, for a file outside ``root``, and for anything but a regular UTF-8 file.
    No `.env` gives no variables.
    """
    path = folder / DOTENV_NAME
    if not inside(folder, root):
        raise UnreadableError("it lies outside the workspace")
    try:
        found = read_file(path, follow=False)
    except FileNotFoundError:
        return {}
    try:
        text = found.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError("it is not UTF-8") from None
    return {
        name: value
        for name, value in parse_dotenv(text).items()
        if name in names
        and name.upper() not in NETWORK_VARIABLES
        and name.upper() not in FILE_VARIABLES
    }


def parse_dotenv(text: str) -> dict[str, str]:
    """The assignments in ``text``; the last one of a name counts, other lines are skipped.

    Values are literal: ``${SECRET}``, ``$(…)`` and backslashes stay as they are.
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match:
            found[match[1]] = _value(match[2])
    return found


def _value(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return quoted[1] if quoted[1] is not None else quoted[2]
    # Without quotes a comment begins at a # after a space.
    return re.split(r"\s+#", text, maxsplit=1)[0].rstrip()
