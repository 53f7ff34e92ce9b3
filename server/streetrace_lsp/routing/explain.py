"""The sentence for the user: which backend, what happened, what to do now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from .chat_call import ChatCall
from .events import BackendError
from .secret import redact

_Sentences = Callable[[ChatCall, Mapping[str, Any]], tuple[str, str]]

_START: Final = {
    "ollama": "Start it with `ollama serve`.",
    "lm_studio": "Start LM Studio's server (Developer tab, or `lms server start`).",
    "hosted_vllm": "Start vLLM with `vllm serve MODEL`.",
    "litellm_proxy": "Start the proxy with `litellm --config CONFIG`.",
}
_RETRY_LATER: Final = "Try again, or choose another model."
_TRY_AGAIN: Final = "Nothing was changed; try again."


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
    )


def explain_timeout(kind: str, call: ChatCall) -> BackendError:
    """The error for a deadline of ours that ``kind`` names."""
    limits = call.deadlines
    seconds, what, step = {
        "timeout_first": (limits.first, "sent nothing", _first_token_step(call)),
        "timeout_idle": (limits.idle, "stopped in the middle of its answer", _TRY_AGAIN),
        "timeout_total": (limits.total, "did not finish its answer", "Ask for less at once."),
    }[kind]
    span = "after" if kind == "timeout_total" else "for"
    return BackendError(kind, f"{_name(call)} {what} {span} {seconds:g} seconds.", step)


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


def _quoted(fault: Mapping[str, Any]) -> str:
    said = " ".join(str(fault.get("said") or "").split())
    return f": {said[:300].rstrip('.')}" if said else ""


def _first_token_step(call: ChatCall) -> str:
    if call.local:
        return "Check that the model fits this machine, or choose a smaller one."
    return _RETRY_LATER


def _connect(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    start = _START.get(call.provider if call.adapter != "ollama" else "ollama")
    if start is None:
        start = "Start the server, or correct `api_base`." if call.local else "Check the network."
    said = str(fault.get("said") or "could not be reached")
    return f"{_name(call)} {said}.", start


def _dns(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    host = fault.get("host") or (call.origins[0][0] if call.origins else "its host")
    return (
        f'{_name(call)}: the host name "{host}" could not be resolved.',
        "Check the network connection and the host in `api_base`.",
    )


def _tls(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    return (
        f"{_name(call)}: the TLS connection failed{_quoted(fault)}.",
        "If a company certificate is needed, name its file in SSL_CERT_FILE.",
    )


def _auth(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    if call.key is None:
        return f"{_name(call)} asks for a key, and none is configured.", "Set its key variable."
    return (
        f"{_name(call)} refused the key (HTTP {fault.get('status') or 401}){_quoted(fault)}.",
        "Check the key, and that it may use this model.",
    )


def _not_found(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    step = "Check the model's name and `api_base`."
    if call.adapter == "ollama":
        step = f"Get it with `ollama pull {call.model}`, or correct the model's name."
    return f'{_name(call)} does not know the model "{call.model}"{_quoted(fault)}.', step


def _rate_limit(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    after = fault.get("retry_after")
    step = f"Try again in {after:.0f} seconds." if after else _RETRY_LATER
    return f"{_name(call)} is limiting requests (HTTP 429){_quoted(fault)}.", step


def _server(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    status = fault.get("status")
    if status == 503:
        return f"{_name(call)} is busy (HTTP 503){_quoted(fault)}.", _RETRY_LATER
    code = f" (HTTP {status})" if status else ""
    return f"{_name(call)} reported a failure of its own{code}{_quoted(fault)}.", _RETRY_LATER


def _request(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    status = fault.get("status")
    code = f" (HTTP {status})" if status else ""
    return (
        f"{_name(call)} rejected the request{code}{_quoted(fault)}.",
        "Check the model's name and the backend's options.",
    )


def _timeout_connect(call: ChatCall, _fault: Mapping[str, Any]) -> tuple[str, str]:
    message = f"{_name(call)} did not answer for {call.deadlines.total:g} seconds."
    return message, _RETRY_LATER


def _cut(call: ChatCall, _fault: Mapping[str, Any]) -> tuple[str, str]:
    return f"The answer of {_name(call, first=False)} was cut off.", _TRY_AGAIN


def _malformed(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    said = str(fault.get("said") or "something that is not a reply")
    return (
        f"{_name(call)} sent {said}.",
        "Check that `api_base` is the model server's, not a web page or a login.",
    )


def _context(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    return (
        f'The prompt is too long for the model "{call.model}" of '
        f"{_name(call, first=False)}{_quoted(fault)}.",
        "Select less code, or choose a model with a larger window.",
    )


def _content_filter(call: ChatCall, fault: Mapping[str, Any]) -> tuple[str, str]:
    return (
        f"The content filter of {_name(call, first=False)} refused the request{_quoted(fault)}.",
        "Change the selection or the instruction.",
    )


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
    return f"The request to {_name(call, first=False)} failed{_quoted(fault)}.", _RETRY_LATER


_SENTENCES: Final[dict[str, _Sentences]] = {
    "connect": _connect,
    "dns": _dns,
    "tls": _tls,
    "auth": _auth,
    "not_found": _not_found,
    "rate_limit": _rate_limit,
    "server": _server,
    "request": _request,
    "timeout_total": _timeout_connect,
    "cut": _cut,
    "malformed": _malformed,
    "context": _context,
    "content_filter": _content_filter,
    "refused_origin": _refused_origin,
    "replay_miss": _replay_miss,
    "too_large": _too_large,
}
