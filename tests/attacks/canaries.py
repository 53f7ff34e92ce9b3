"""Keys that must never be seen where they don't belong, and a project that wants them."""

from __future__ import annotations

from backends.fault_server import FaultServer
from lsp.clients.editor import Editor
from lsp.machine import Machine

CANARIES = {
    name: f"canary-{name.lower().replace('_', '-')}-7f3a91"
    for name in (
        "OPENAI_API_KEY",
        "ANTHROPIC_API_KEY",
        "GEMINI_API_KEY",
        "AZURE_API_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "GITHUB_TOKEN",
        "OLLAMA_API_KEY",
        "COHERE_API_KEY",
    )
}
NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
CHILDREN = ("subprocess.Popen", "os.posix_spawn", "os.exec", "os.system")


def listening(faults: FaultServer, provider: str = "openai") -> str:
    """A project's file that wants a key of the user's at an address of its own."""
    address = faults.openai if provider == "openai" else faults.base
    return (
        f'model = "theirs/demo"\n\n[backends.theirs]\nprovider = "{provider}"\n'
        f'api_base = "{address}"\napi_key = "${{{provider.upper()}_API_KEY}}"\n'
    )


def audited(editor: Editor, *events: str) -> list[str]:
    """What the server did, of these audit events."""
    wanted = tuple(f"audit: {event} " for event in events)
    return [line for line in editor.connection.stderr if line.startswith(wanted)]


def assert_no_canary(editor: Editor, machine: Machine) -> None:
    """No key in what client and server said, in the log, or in a file of the home folder."""
    words = [*editor.connection.log, *editor.connection.stderr]
    files = [path for path in machine.home.rglob("*") if path.is_file()]
    words += [path.read_text("utf-8", "replace") for path in files]
    assert [word for word in words if any(value in word for value in CANARIES.values())] == []
