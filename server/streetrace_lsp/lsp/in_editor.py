"""Next steps by the commands of an editor that has them, instead of those of a shell.

Where the extension for VS Code installed the server, nothing of it is in the `PATH`.
"""

from __future__ import annotations

import re
from typing import Final

# The titles of vscode-extension/package.nls.json; a test compares them.
TITLES: Final = {
    "config check": "Check Configuration",
    "doctor": "Check Models (Doctor)",
    "init": "Set Up a Configuration",
    "key set": "Set API Key…",
    "models pull": "Fetch a Model with Ollama…",
    "trust": "Trust This Project's Configuration…",
    "usage": "Show Usage and Cost",
    "show": "Show Kept Result",
}
# What follows the subcommand in the same command line: a variable, a model.
_LINE: Final = re.compile(
    r"`?\bstreetrace-lsp (?P<shell>config check|doctor|init|usage|key set [A-Z_a-z]\w*|"
    r"models pull [\w.:/-]*\w)(?! -)`?|\bstreetrace\.(?P<command>trust|init|doctor|usage|show)\b"
)


def in_editor(text: str) -> str:
    """A text of ours with the editor's commands in it; what has none there stays as it is."""
    return _LINE.sub(_title, text)


def _title(found: re.Match[str]) -> str:
    words = found["shell"] or found["command"]
    name = next(name for name in TITLES if words.startswith(name))
    return f"“Streetrace: {TITLES[name]}”"
