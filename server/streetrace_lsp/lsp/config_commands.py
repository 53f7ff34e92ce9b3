"""``streetrace.config.*``: what the configuration files say, and what is wrong, as a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.lsp.meant import named_or_used
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.config.problems import Problem
    from streetrace_lsp.lsp.server import StreetraceServer

Answer = dict[str, Any]


async def show(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.config.show {uri?}``: every value in force for a document, with its source."""
    from streetrace_lsp.config.effective import effective

    configuration = server.settings.of(_named(server, given))
    rows = effective(configuration)
    await show_text(server, "Configuration in force", "\n".join(_page(configuration, rows)))
    return {
        **server.say(f"{len(rows)} values are in force here; the page shows where each is from."),
        "values": [{"key": key, "value": shown, "source": source} for key, shown, source in rows],
    }


async def check(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.config.check {uri?}``: what is wrong in the files that hold for a document."""
    configuration = server.settings.of(_named(server, given))
    problems = configuration.problems
    said = [_place(server, problem) for problem in problems]
    if not problems:
        names = _files(configuration)
        what = f"{' and '.join(names)}: no problems." if names else "There is no configuration."
        return {**server.say(what), "problems": []}
    lines = [f"- `{place}` {problem.message} {problem.suggestion}".rstrip()
             for place, problem in zip(said, problems, strict=True)]  # fmt: skip
    await show_text(server, "Problems of the configuration", "\n".join(lines))
    return {
        **server.say(f"The configuration has {len(problems)} problems; the page lists them."),
        "problems": [
            {"place": place, "severity": problem.severity, "code": problem.code}
            for place, problem in zip(said, problems, strict=True)
        ],
    }


def _page(configuration: Configuration, rows: list[tuple[str, str, str]]) -> Iterator[str]:
    from streetrace_lsp.config.plain_trust import plain_trust

    if configuration.user_path.is_file():
        yield f"- {configuration.user_path} (your own)"
    if configuration.project is not None:
        trust = plain_trust(configuration.project)
        yield f"- {configuration.project.path} ({trust.words}) {trust.next_step}".rstrip()
    if not _files(configuration):
        yield f"No file. Your own would be {configuration.user_path}."
    if configuration.fault is not None:
        yield f"- {configuration.fault.sentence}"
    yield from ("", "| Key | Value | From |", "|---|---|---|")
    for key, shown, source in rows:
        yield f"| `{_cell(key)}` | `{_cell(shown)}` | {source} |"


def _cell(text: str) -> str:
    return escape_controls(text).replace("|", "\\|").replace("`", "'")


def _files(configuration: Configuration) -> list[str]:
    project = [str(configuration.project.path)] if configuration.project else []
    user = [str(configuration.user_path)] if configuration.user_path.is_file() else []
    return [*project, *user]


def _place(server: StreetraceServer, problem: Problem) -> str:
    """``file:line``: of the text in the editor where the file is open."""
    from pygls.uris import from_fs_path

    document = server.config_documents.open_at(from_fs_path(str(problem.path)) or "")
    if document is not None:
        line = document.index.position(problem.start, "utf-32")[0] + 1
    else:
        try:
            before = problem.path.read_bytes().decode("utf-8", "replace")[: problem.start]
        except OSError:
            before = ""
        line = before.count("\n") + 1
    return f"{problem.path}:{line}"


def _named(server: StreetraceServer, given: Any) -> str:
    return named_or_used(server, given if isinstance(given, dict) else {})
