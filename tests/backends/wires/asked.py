"""A row's target, and the request that it made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from backends.fault_server import FaultServer, Request
from backends.wires.row import SETTINGS, Row
from configured_project import Workspace
from streetrace_lsp.routing.targets import Target, resolve

# Where the files that hold a Google login say that tokens are to be had.
SIGN_IN = "https://oauth2.googleapis.com"


def target_of(
    row: Row, place: Path, *, server: str = "", environ: Mapping[str, str] | None = None
) -> Target:
    """The row's target. With ``server`` it is at that address instead of the row's origin.

    ``environ``: further variables of the user's shell.
    """

    def moved(text: str) -> str:
        return text.replace(row.origin, server) if server else text

    for name, content in row.files.items():
        path = Path.home() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.replace(SIGN_IN, server or SIGN_IN), "utf-8")
        path.chmod(0o600)
    variables = {name: moved(value) for name, value in {**SETTINGS, **row.environment}.items()}
    if server:
        variables |= {n: v.replace("{server}", server) for n, v in row.at_test_server.items()}
    folder = place / "workspace"
    folder.mkdir(parents=True)
    workspace = Workspace(folder, {**variables, **(environ or {})})
    configuration = workspace.user(moved(row.recipe)).load()
    assert [problem for problem in configuration.problems if problem.severity == "error"] == []
    return resolve(configuration, "edit", row.target)


def assert_is_the_rows(row: Row, server: FaultServer) -> Request:
    """Asserts that the row's request came, with its headers and its body; gives it."""
    # Before it may come a sign-in, after it a look at what became of it.
    came = [(request.method, request.path) for request in server.requests]
    assert (row.method, row.path) in came
    request = server.requests[came.index((row.method, row.path))]
    for name, value in row.headers.items():
        given = request.headers.get(name, "")
        if isinstance(value, str):
            assert given == value, name
        else:
            assert value.fullmatch(given), name
    assert not set(row.absent) & set(request.headers)
    assert request.json == row.body
    return request
