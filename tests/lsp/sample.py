"""A small project with everything in it that is easily counted wrong, and a fix for it."""

from __future__ import annotations

from backends.fault_server import FaultServer, Reply
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.machine import Launch, Machine

WRONG = "    return width + height  # 😀 wrong, naïve\n"
RIGHT = "    return width * height  # 😀 right, élégant 🎈\n"
TEXT = f'''# Größe 😀 und Länge 📐
\x0c
def area(width: float, height: float) -> float:
    """Fläche → width × height 📐"""
{WRONG}

def untouched() -> str:
    return "naïve 🎈"
'''
FIXED = TEXT.replace(WRONG, RIGHT)
BLOCK = f"""The area is a product. 😀

app.py
<<<<<<< SEARCH
{WRONG}=======
{RIGHT}>>>>>>> REPLACE
"""
START = "def area"
END = "naïve\n"
ABOVE = "# a line above, typed meanwhile 🚀\n"
BELOW = "# a line below, typed meanwhile 🚀\n"


def fenced(text: str = TEXT) -> str:
    """The reply of a small model: the whole selection, fixed, in one fence."""
    selected = text[text.index(START) : text.index(END) + len(END)]
    return f"```python\n{selected.replace(WRONG, RIGHT)}```\n"


def configuration(faults: FaultServer, wire: str = "ollama") -> str:
    """A ``.streetrace.toml``, or ``config.toml``, that names the fault server."""
    address = faults.base if wire == "ollama" else faults.openai
    return (
        'model = "local/demo"\n\n[backends.local]\n'
        f'provider = "{wire}"\napi_base = "{address}"\nedit_format = "search-replace"\n'
    )


async def opened(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor], text: str = TEXT
) -> tuple[Editor, Document]:
    """An editor with the sample open; the user's own configuration names the model."""
    machine.configure_user(configuration(faults))
    path = machine.write("app.py", text)
    editor = await launch(kind)
    return editor, editor.open(path)


async def fixing(editor: Editor, document: Document) -> str:
    """Start *Fix* on the sample's function; returns the job."""
    return await editor.begin(document, document.span(START, "naïve"), "Streetrace: Fix")


def held(text: str = BLOCK, after: int = 3) -> Reply:
    """A reply that stops in its middle until the fault server is released."""
    return Reply(text=text, chunk=8, hold_after=after)


async def streaming(editor: Editor, faults: FaultServer, job: str) -> None:
    """Wait until a held reply has begun to arrive in the server."""
    await faults.until(lambda: faults.held > 0)
    states = {event["state"] for event in editor.window.jobs.get(job, [])}
    assert not states & {"applied", "answered", "proposed", "refused", "failed", "cancelled"}


async def told(editor: Editor, ending: dict[str, object]) -> None:
    """Wait until the person was shown how a job ended, in a message box."""
    message = ending["message"]
    await editor.until(f"the message “{message}”", lambda: message in editor.window.messages)


async def apply_result(editor: Editor, document: Document) -> dict[str, object]:
    """Choose *Apply result* and move on; returns the final event of that job."""
    before = len(editor.edits)
    offered = await editor.actions(document, document.span(START, "naïve"))
    assert "Streetrace: Apply result" in offered, sorted(offered)
    job = (await editor.run(offered["Streetrace: Apply result"]))["job"]
    await editor.until("the edit", lambda: len(editor.edits) > before or editor.window.final(job))
    await editor.actions(document, document.span(START, "naïve"))
    return await editor.finished(job)
