"""Commands about one backend: does it answer, and fetch a model for it."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from streetrace_lsp.lsp.choosing import choose_backend, choose_pull
from streetrace_lsp.lsp.editor_keys import have_all_keys
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.lsp.meant import named_or_used
from streetrace_lsp.lsp.trust import agreed
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.routing.diagnosis import Diagnosis

Answer = dict[str, Any]


def test(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.backend.test {uri?, backend?}``: a call of one token to a backend's models.

    Starts a job. Where a backend does not answer, its name in the open file is marked until the
    text changes.
    """
    given = given if isinstance(given, dict) else {}
    uri = named_or_used(server, given)
    backend = given.get("backend")
    if not isinstance(backend, str):
        known = sorted(server.settings.of(uri).settings.backends)
        if len(known) != 1:
            said = f"Say which backend to test: {', '.join(known) or 'none is configured'}."
            return choose_backend(server, uri, f"{said} streetrace.doctor checks all.")
        (backend,) = known

    async def work(job: Job) -> Ending:
        configuration = await agreed(server, uri)
        await have_all_keys(server, configuration)
        return await _tested(server, configuration, job, backend)

    document = server.config_documents.open_at(uri)
    saved = server.settings.of(uri)
    declared = saved.project.backends if saved.project is not None else frozenset()
    if document is not None and backend not in {*saved.settings.backends, *declared}:
        return server.say(f"{backend} is not in the file on the disk yet. Save it, then try again.")
    return {"job": server.jobs.start("backend.test", f"Test {backend}", uri, work).id}


def pull(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.model.pull {uri?, backend?, model?}``: have Ollama fetch a model."""
    given = given if isinstance(given, dict) else {}
    uri = named_or_used(server, given)
    model, backend = given.get("model"), given.get("backend")
    if not isinstance(model, str) or not model.strip():
        said = "Pass “model”, such as qwen2.5-coder:7b, and “backend” if need be."
        return choose_pull(server, uri, said)

    async def work(job: Job) -> Ending:
        from streetrace_lsp.routing.inventory import target_to_pull
        from streetrace_lsp.routing.listing import pull as pulled

        configuration = await agreed(server, uri)
        await have_all_keys(server, configuration)
        name = backend if isinstance(backend, str) else None
        target = target_to_pull(configuration, model, name)
        async with aclosing(pulled(server.session.host, target)) as parts:
            async for part in parts:
                job.report(_progress(part.status, part.completed, part.total))
        server.model_lists.forget()
        return Ending("answered", f"{model} is there: {target.backend}/{model}.", loud=True)

    return {"job": server.jobs.start("model.pull", f"Pull {model}", uri, work).id}


async def _tested(
    server: StreetraceServer, configuration: Configuration, job: Job, backend: str
) -> Ending:
    from streetrace_lsp.routing.diagnose import diagnose

    asked = _targets(configuration, backend)
    found: list[Diagnosis] = []
    session = server.session
    checks = diagnose(configuration, session.host, asked, servers=session.servers, waits=job.report)
    async with aclosing(checks):
        async for one in checks:
            found.append(one)
            _mark(server, job.uri, one)
    lines = [_line(one) for one in found]
    failed = any(not one.answered for one in found)
    return Ending("failed" if failed else "answered", "\n".join(lines), loud=True)


def _targets(configuration: Configuration, backend: str) -> list[str | None]:
    """The targets of one backend: each of its models, else its name, which says what is missing."""
    from streetrace_lsp.routing.configured import configured_models

    models = configured_models(configuration.settings)
    found = [entry.target for entry in models if entry.backend == backend]
    return [*found] or [backend]


def _mark(server: StreetraceServer, uri: str, one: Diagnosis) -> None:
    """Mark the backend that does not answer in the open file."""
    from streetrace_lsp.authoring.outline import backends_in
    from streetrace_lsp.config.problems import Problem
    from streetrace_lsp.lsp.settings import local_path

    document = server.config_documents.open_at(uri)
    path = local_path(uri)
    if document is None or path is None or one.answered or one.fault is None:
        return
    name = (one.wanted or one.backend or "").partition("/")[0]
    for backend, (start, end) in backends_in(document.text):
        if backend == name:
            said = escape_controls(one.fault.message), escape_controls(one.fault.next_step)
            problem = Problem(path, start, end, "warning", "unreachable", *said)
            server.config_documents.found_out(document, problem)


def _line(one: Diagnosis) -> str:
    name = one.wanted or one.backend or "The model"
    if one.answered:
        took = f" in {one.seconds:.1f} s" if one.seconds is not None else ""
        return f"{name} answers{took}: {one.provider}, {one.model}."
    if one.fault is None:
        return f"{name} did not answer."
    return f"{name}: {one.fault.message} {one.fault.next_step}".strip()


def _progress(status: str, completed: int | None, total: int | None) -> str:
    if not total or completed is None:
        return escape_controls(status)
    return f"{escape_controls(status)} {100 * completed // total}%"
