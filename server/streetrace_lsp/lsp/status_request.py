"""``streetrace/status``: what a line of an editor's status bar says of a document's project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streetrace_lsp.lsp.meant import named_or_used
from streetrace_lsp.lsp.params import VERSION, fields, object_of, optional, text_of, version_of
from streetrace_lsp.lsp.request_errors import read

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Project
    from streetrace_lsp.lsp.server import StreetraceServer


@dataclass(frozen=True)
class StatusParams:
    """``streetrace/status`` as it was sent."""

    version: int
    uri: str | None


def read_status(params: Any) -> StatusParams:
    """Raises `ParamsError`."""
    given = object_of(params, "the parameters", fields(StatusParams))
    return StatusParams(version_of(given), optional(given, "uri", text_of, None))


def status(server: StreetraceServer, params: Any) -> dict[str, Any]:
    """What is in force for a document. Nothing is contacted, looked up or asked."""
    given = read(read_status, params)
    uri = named_or_used(server, {"uri": given.uri})
    from streetrace_lsp.config.references import key_variables
    from streetrace_lsp.routing.configured import leads_to

    configuration = server.settings.known(uri)
    settings = configuration.settings
    project, fault = configuration.project, configuration.fault
    return {
        "version": VERSION,
        "model": settings.model,
        "leadsTo": leads_to(settings, settings.model),
        "configured": bool(settings.model or settings.backends),
        "enabled": bool(settings.enabled),
        "localOnly": bool(settings.local_only),
        "project": _project(project) if project is not None else None,
        "keyVariables": list(key_variables(settings)),
        "userFile": configuration.user_path.as_uri(),
        "fault": server.worded(fault.sentence) if fault is not None else "",
    }


def _project(project: Project) -> dict[str, Any]:
    return {
        "uri": project.path.as_uri(),
        "trust": project.status,
        "question": project.question is not None,
    }
