"""An editor that only opens and edits files pays for no model library."""

from __future__ import annotations

from lsp.clients.editor import Editor
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import TEXT

HEAVY = {"litellm", "ollama", "httpx", "pydantic", "pydantic_core", "tree_sitter", "sqlite3"}


def imported(editor: Editor) -> set[str]:
    """The packages that the server has imported so far."""
    lines = [line.split() for line in editor.connection.stderr if line.startswith("audit: import ")]
    return {words[2].partition(".")[0] for words in lines}


async def test_nothing_heavy_is_imported_by_initialize_or_by_fifty_edits(
    launch: Launch, machine: Machine
) -> None:
    editor = await launch(VSCode, watched=True)
    document = editor.open(machine.write("app.py", TEXT))
    for number in range(50):
        editor.type(document, document.after("untouched() -> str:\n"), f"    n = {number}\n")
    editor.save(document)
    await editor.stop()  # everything that it wrote is here now
    assert "pygls" in imported(editor)
    assert imported(editor) & HEAVY == set()
