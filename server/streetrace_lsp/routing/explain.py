"""The sentence for the user: which backend, what happened, what to do now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from .chat_call import ChatCall
from .events import BackendError
from .hints import hint
from .next_steps import (
    LAUNCHED,
    RETRY_LATER,
    TRY_AGAIN,
    auth_step,
    context_step,
    model_step,
    no_key_step,
    quota_step,
    rate_limit_step,
    region_step,
    start_step,
    timeout_step,
)
from .secret import redact

_Sentences = Callable[[ChatCall, Mapping[str, Any]], tuple[str, str]]


def explain(fault: Mapping[str, Any], call: ChatCall) -> BackendError:
    """The error for a fault that the child reported."""
    kind = fault.get("kind", "unknown")
    sentences = _SENTENCES.get(kind, _unknown)
    # The child redacts as well; what the user reads is worth a second look.
    said = redact(str(fault.get("said") or ""), call.secrets)
    message, next_step = sentences(call, {**fault, "said": said})
    return BackendError(
        kind,
        redact(message, call.secrets),
        next_step,
        detail=redact(str(fault.get("detail") or ""), call.secrets),
        status=fault.get("status"),
        retry_after=fault.get("retry_after"),
        variable=_variable(kind, call),
    )


def explain_timeout(kind: str, call: ChatCall) -> BackendError:
    """The error for a deadline of ours that ``kind`` names."""
    limits = call.deadlines
    seconds, what = {
        "timeout_first": (limits.first, "sent nothing"),
        "timeout_idle": (limits.idle, "stopped in the middle of its answer"),
        "timeout_total": (limits.total, "did not finish its answer"),
    }[kind]
    span = "after" if kind == "timeout_total" else "for"
    message = f"Timeout: {_name(call, first=False)} {what} {span} {seconds:g} seconds."
    return BackendError(kind, message, timeout_step(kind, call))


def explain_crash(call: ChatCall, how: str) -> BackendError:
    """The error for a request whose child process is gone."""
    return BackendError(
        "crashed",
        f"The model host, which talks to {_name(call, first=False)}, {how}.",
        "Nothing was changed; the next request starts it again.",
    )


def _name(call: ChatCall, *, first: bool = True) -> str:
    where = f" at {_where(call)}" if call.origins else ""
    return f'{"Backend" if first else "backend"} "{call.backend}"{where}'


def _where(call: ChatCall) -> str:
    host, port = call.origins[0]
    host = f"[{host}]" if ":" in host else host
    return host if port == 443 else f"{host}:{port}"


def _backend(call: ChatCall) -> str:
    return f'Backend "{call.backend}"'


def _asked(call: ChatCall) -> str:
    """What an editor's line has no room for, so that it comes last."""
    return f" (Asked: {_where(call)})" if call.origins else ""


def _variable(kind: str, call: ChatCall) -> str | None:
    if kind != "auth":
        return None
    return call.key_variable or next(iter(call.key_variables), None)


def _said(fault: Mapping[str, Any]) -> str:
    said = _quoted(fault).removeprefix(": ")
    return f" The server said: {said}." if said else ""


def _quoted(fault: Mapping[str, Any]) -> str:
    said = " ".join(str(fault.get("said") or "").split())
    return f": {said[:300].rstrip('.')}" if said else ""


def _status(fault: Mapping[str, Any]) -> str:
    return f" (HTTP {fault['status']})" if fault.get("status") else ""


def _connect(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    said = str(fault.get("said") or "could not be reached")
    return f"{_backend(call)} {said}.", f"{start_step(call)}{_asked(call)}"


def _dns(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    host = fault.get("host") or (call.origins[0][0] if call.origins else "its host")
    return (
        f'{_name(call)}: the host name "{host}" could not be resolved.',
        "Check the network connection and the host in `api_base`.",
    )


def _tls(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    message = f"{_name(call)}: the TLS connection failed{_quoted(fault)}."
    if "wrong_version_number" in message.lower().replace(" ", "_"):
        return message, "The server speaks no TLS there: write http:// in `api_base`."
    return (
        message,
        "If a company certificate is needed, name its file as ca_bundle under [network] of your "
        "own configuration, or in SSL_CERT_FILE.",
    )


def _proxy(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    host = str(fault.get("host"))
    where = f"{f'[{host}]' if ':' in host else host}:{fault.get('port')}"
    said = str(fault.get("said"))
    return f"{_name(call)}: the proxy {where} {said}.", str(fault.get("next_step"))


def _network(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    return f"{_name(call)} was not asked: {fault.get('said')}.", str(fault.get("next_step"))


def _auth(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    if fault.get("next_step"):
        # The login of a cloud, which the model host made itself or could not read.
        return f"{_name(call)}: signing in failed{_quoted(fault)}.", str(fault["next_step"])
    if call.key is None and not call.credentials and not hint(call, fault):
        step = f"{no_key_step(call)}{_asked(call)}"
        return f"{_backend(call)} asks for a key, and none is configured.", step
    refused = "the key" if call.key is not None else "access"
    status = fault.get("status") or 401
    return (
        f"{_backend(call)} refused {refused} (HTTP {status}).",
        f"{auth_step(call, fault)}{_said(fault)}{_asked(call)}",
    )


def _not_found(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    what = "a deployment" if call.provider == "azure" else "the model"
    return (
        f'{_name(call)} does not know {what} "{call.model}"{_quoted(fault)}.',
        model_step(call, fault),
    )


def _rate_limit(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    return f"{_name(call)} is limiting requests (HTTP 429){_quoted(fault)}.", rate_limit_step(fault)


def _quota(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    return (
        f"{_name(call)}: the account has no credit left{_status(fault)}{_quoted(fault)}.",
        quota_step(call),
    )


def _region(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    return (
        f'{_name(call)} does not offer "{call.model}" in this region{_status(fault)}'
        f"{_quoted(fault)}.",
        region_step(call),
    )


def _server(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    step = hint(call, fault) or RETRY_LATER
    if fault.get("status") == 503:
        return f"{_name(call)} is busy (HTTP 503){_quoted(fault)}.", step
    return f"{_name(call)} reported a failure of its own{_status(fault)}{_quoted(fault)}.", step


def _request(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    return (
        f"{_name(call)} rejected the request{_status(fault)}{_quoted(fault)}.",
        hint(call, fault) or "Check the model's name and the backend's options.",
    )


def _timeout_connect(call: ChatCall, _fault: Mapping[str, Any]) -> tuple[str, str]:
    message = (
        f"Timeout: {_name(call, first=False)} did not answer for {call.deadlines.total:g} seconds."
    )
    return message, timeout_step("timeout_total", call)


def _cut(call: ChatCall, _fault: Mapping[str, Any]) -> tuple[str, str]:
    return f"The answer of {_name(call, first=False)} was cut off.", TRY_AGAIN


def _malformed(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    said = str(fault.get("said") or "something that is not a reply")
    message = f"{_name(call)} sent {said}."
    if call.launched:
        return message, LAUNCHED
    return (
        message,
        "Check that `api_base` is the model server's, not a web page or a login.",
    )


def _context(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    return (
        f'The prompt is too long for the model "{call.model}" of '
        f"{_name(call, first=False)}{_quoted(fault)}.",
        context_step(call),
    )


def _content_filter(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    return (
        f"The content filter of {_name(call, first=False)} refused the request{_quoted(fault)}.",
        "Change the selection or the instruction.",
    )


def _tools(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    return (
        f'The model "{call.model}" of {_name(call, first=False)} was not given the tools'
        f"{_quoted(fault)}.",
        "Choose another model, or ask without tools.",
    )


def _tool_call(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    return f"{_name(call)} {fault.get('said')}.", TRY_AGAIN


def _refused_origin(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    where = f"{fault.get('host')}:{fault.get('port')}"
    return (
        f"{_name(call)} led to {where}, which nobody allowed, so nothing was sent there.",
        "If this is right, name that address as the backend's `api_base` yourself.",
    )


def _replay_miss(_call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    return str(fault.get("said")), str(fault.get("next_step") or "")


def _too_large(call: ChatCall, _fault: Mapping[str, Any]) -> tuple[str, str]:
    return (
        f"The answer of {_name(call, first=False)} was over 4 MiB and was cut.",
        "Nothing was changed; ask for less at once.",
    )


def _unknown(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    return (
        f"The request to {_name(call, first=False)} failed{_quoted(fault)}.",
        str(fault.get("next_step") or "") or hint(call, fault) or RETRY_LATER,
    )


_SENTENCES: Final[dict[str, _Sentences]] = {
    "connect": _connect,
    "dns": _dns,
    "tls": _tls,
    "proxy": _proxy,
    "network": _network,
    "auth": _auth,
    "not_found": _not_found,
    "rate_limit": _rate_limit,
    "quota": _quota,
    "region": _region,
    "server": _server,
    "request": _request,
    "timeout_total": _timeout_connect,
    "cut": _cut,
    "malformed": _malformed,
    "context": _context,
    "content_filter": _content_filter,
    "tools": _tools,
    "tool_call": _tool_call,
    "refused_origin": _refused_origin,
    "replay_miss": _replay_miss,
    "too_large": _too_large,
}
