"""How a cloud is signed in to without a key: access keys, or the path of a file with a login.

Only the path is handled here. The model host reads the file, so that what it holds is never in
this process, and no library looks for files, variables or metadata servers by itself.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streetrace_lsp.config.exposure import Exposure
from streetrace_lsp.config.variables import Variables

from .errors import RoutingError
from .secret import Secret

if TYPE_CHECKING:
    from streetrace_lsp.config.model import Backend

_DEFAULT_PROFILE: Final = "default"


@dataclass(frozen=True)
class SignIn:
    """Call options by name: secret ones, and the paths of files."""

    secrets: Mapping[str, Secret] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


def sign_in(name: str, backend: Backend, exposure: Exposure, variables: Variables) -> SignIn:
    """How requests of the backend ``name`` are signed in; empty for providers with a key alone.

    Call it only for an address that is accepted. Raises `RoutingError` when nothing is found to
    sign in with, except for servers on this machine.
    """
    match exposure.provider.name:
        case "bedrock":
            found = _aws(name, backend, exposure, variables)
        case "vertex_ai":
            found = _google(name, backend, exposure, variables)
        case _:
            return SignIn()
    return found


def chosen_by_file(backend: Backend) -> bool:
    """Whether the configuration names a login, which then comes before a key variable."""
    return bool(backend.profile or backend.credentials_file)


def _aws(name: str, backend: Backend, exposure: Exposure, variables: Variables) -> SignIn:
    profile = backend.profile
    if profile is None:
        keys = {o: variables.get(variable) for o, variable in exposure.provider.credentials}
        if keys["aws_access_key_id"] and keys["aws_secret_access_key"]:
            return SignIn({option: Secret(value) for option, value in keys.items() if value})
        profile = _first(exposure.provider.login_variables, variables)
    files = {
        "aws_credentials_file": _users("AWS_SHARED_CREDENTIALS_FILE", variables)
        or Path("~/.aws/credentials").expanduser(),
        "aws_config_file": _users("AWS_CONFIG_FILE", variables)
        or Path("~/.aws/config").expanduser(),
    }
    there = {option: str(path) for option, path in files.items() if path.is_file()}
    if there:
        return SignIn(options={"aws_profile_name": profile or _DEFAULT_PROFILE, **there})
    if exposure.origins[0].loopback:
        return SignIn()
    if profile is not None:
        raise RoutingError(
            f"{name}: the AWS profile {profile} has no file: neither ~/.aws/credentials nor "
            "~/.aws/config is there.",
            f"Run: aws configure --profile {profile}",
        )
    raise RoutingError(
        f"{name}: no credentials for {exposure.provider.title}. Neither AWS_BEARER_TOKEN_BEDROCK, "
        "nor AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, nor AWS_PROFILE_NAME is set.",
        "Run: export AWS_BEARER_TOKEN_BEDROCK=…, or run: aws configure",
    )


def _google(name: str, backend: Backend, exposure: Exposure, variables: Variables) -> SignIn:
    given = backend.credentials_file or _first(exposure.provider.login_variables, variables)
    path = _path(given) if given else _gcloud_folder(variables) / _GCLOUD_LOGIN
    if path.is_file():
        return SignIn(options={"vertex_credentials": str(path)})
    if given:
        where = "credentials_file" if backend.credentials_file else "GOOGLE_APPLICATION_CREDENTIALS"
        raise RoutingError(
            f"{name}: {where} names {path}, and there is no such file.",
            "Correct the path, or run: gcloud auth application-default login",
        )
    if exposure.origins[0].loopback:
        return SignIn()
    raise RoutingError(
        f"{name}: no login for {exposure.provider.title} was found.",
        "Run: gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS to the "
        "path of a service account's key.",
    )


_GCLOUD_LOGIN: Final = "application_default_credentials.json"


def _gcloud_folder(variables: Variables) -> Path:
    named = _users("CLOUDSDK_CONFIG", variables)
    if named is not None:
        return named
    if os.name == "nt" and (roaming := variables.shell.get("APPDATA")):
        return Path(roaming) / "gcloud"
    return Path("~/.config/gcloud").expanduser()


def _first(names: tuple[str, ...], variables: Variables) -> str | None:
    return next(filter(None, map(variables.get, names)), None)


def _users(name: str, variables: Variables) -> Path | None:
    """A path from the user's own shell; a project's `.env` has no say in it."""
    value = variables.shell.get(name)
    return _path(value) if value else None


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()
