"""Access tokens for Vertex AI: from a service account's key, or the login that gcloud keeps.

google-auth only signs here. Its own transport would go round the rules of ours, and its search
for credentials asks a metadata server.
"""

from __future__ import annotations

import importlib
import json
import time
from pathlib import Path
from typing import Any, Final

import httpx

from .faults import HostFaultError
from .redact import LONGEST_READ, redact, redact_pieces

_SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"
_TOKENS: Final = "https://oauth2.googleapis.com/token"
_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SECRETS: Final = ("client_secret", "refresh_token", "assertion")
_LIFETIME: Final = 3600
# A token is renewed while it still holds for so many seconds.
_MARGIN: Final = 300
_LOGIN_AGAIN: Final = "Run: gcloud auth application-default login"

# By path and time of change: the token, when it ends (`time.time`), and the project.
_kept: dict[tuple[str, int], tuple[str, float, str]] = {}


async def sign_in(path: str, limits: httpx.Timeout) -> tuple[str, str]:
    """A token for the login in the file at ``path``, and the project it names ("" for none).

    Raises ``HostFaultError`` (auth, or unknown where google-auth is missing), or what httpx
    raises.
    """
    info, changed = _read(path)
    kept = _kept.get((path, changed))
    if kept is not None and kept[1] - _MARGIN > time.time():
        return kept[0], kept[2]
    uri = str(info.get("token_uri") or _TOKENS)
    async with httpx.AsyncClient(timeout=limits, trust_env=False) as client:
        form = _form(info, uri, path)
        answer = await client.post(uri, data=form)
    token, lifetime = _granted(answer, form)
    project = str(info.get("project_id") or info.get("quota_project_id") or "")
    _kept[path, changed] = token, time.time() + lifetime, project
    return token, project


def _read(path: str) -> tuple[dict[str, Any], int]:
    try:
        changed = Path(path).stat().st_mtime_ns
        info = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _bad(f"{path} can't be read ({type(error).__name__})") from None
    if not isinstance(info, dict):
        raise _bad(f"{path} holds no login")
    return info, changed


def _form(info: dict[str, Any], uri: str, path: str) -> dict[str, str]:
    match info.get("type"):
        case "service_account":
            return {"grant_type": _GRANT, "assertion": _assertion(info, uri, path)}
        case "authorized_user":
            names = ("client_id", "client_secret", "refresh_token")
            if not all(isinstance(info.get(name), str) for name in names):
                raise _bad(f"{path} holds no whole login")
            return {"grant_type": "refresh_token", **{name: info[name] for name in names}}
        case kind:
            raise _bad(f"{path} is a login of the kind {kind}, which is not supported")


def _assertion(info: dict[str, Any], uri: str, path: str) -> str:
    try:
        crypt: Any = importlib.import_module("google.auth.crypt")
        jwt: Any = importlib.import_module("google.auth.jwt")
    except ImportError as error:
        raise HostFaultError(
            "unknown",
            said="signing in with a service account needs google-auth, which is not installed",
            next_step="Run: pip install 'streetrace-lsp[vertex]'",
            detail=str(error),
        ) from None
    now = int(time.time())
    claims = {
        "iss": info.get("client_email"),
        "scope": _SCOPE,
        "aud": uri,
        "iat": now,
        "exp": now + _LIFETIME,
    }
    try:
        signer = crypt.RSASigner.from_service_account_info(info)
        signed: bytes = jwt.encode(signer, claims)
    except (ValueError, TypeError, KeyError):
        raise _bad(f"{path} holds no key that can be used") from None
    return signed.decode("ascii")


def _granted(answer: httpx.Response, form: dict[str, str]) -> tuple[str, float]:
    try:
        content = answer.json()
    except ValueError:
        content = None
    found = content if isinstance(content, dict) else {}
    token = found.get("access_token")
    if answer.is_success and isinstance(token, str) and token:
        return token, float(found.get("expires_in") or _LIFETIME)
    said = str(found.get("error_description") or found.get("error") or "no token in the answer")
    # These are known here alone; what the request brought along is taken out later.
    sent = [form[name] for name in _SECRETS if name in form]
    said = redact_pieces(redact(said[:LONGEST_READ], sent), sent)
    raise HostFaultError(
        "auth",
        said=f"Google's sign-in said: {said}",
        status=answer.status_code,
        next_step=_LOGIN_AGAIN,
    )


def _bad(said: str) -> HostFaultError:
    return HostFaultError(
        "auth",
        said=said,
        next_step=f"{_LOGIN_AGAIN}, or name the JSON key of a service account.",
    )
