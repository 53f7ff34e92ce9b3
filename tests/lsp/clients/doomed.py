"""An editor in a process of its own that starts *Fix* and is then killed by a test.

``python doomed.py TESTS ROOT FILE``, with the server's whole environment as its own.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path


async def main(root: Path, file: Path) -> None:
    """Start the server and *Fix*, then do nothing for ever."""
    from lsp.clients.vscode import VSCode

    editor = VSCode()
    command = [sys.executable, "-I", "-m", "streetrace_lsp"]
    await editor.start(command, os.environ, root)
    document = editor.open(file)
    await editor.begin(document, document.span(document.text), "Streetrace: Fix")
    await asyncio.Event().wait()


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    asyncio.run(main(Path(sys.argv[2]), Path(sys.argv[3])))
