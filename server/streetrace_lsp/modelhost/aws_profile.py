"""The access keys of a profile in AWS's own files, read without AWS's library.

The library would go on to other files, variables, programs and a metadata server when the profile
holds no keys; here it is an error that says what to do.
"""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from .faults import HostFaultError

DEFAULT_REGION: Final = "us-west-2"
_ELSEWHERE: Final = (
    ("sso_session", "signs in by a browser (SSO)"),
    ("sso_start_url", "signs in by a browser (SSO)"),
    ("credential_process", "has its keys made by a program"),
    ("role_arn", "takes on a role"),
    ("login_session", "signs in by a browser"),
)


def access_keys(options: Mapping[str, Any]) -> dict[str, str]:
    """The keys of the profile that ``options`` name, as LiteLLM's arguments.

    The session token is always there, empty where the profile has none. Raises
    ``HostFaultError`` (auth) when there are no keys, or the profile is of another region.
    """
    profile = str(options["aws_profile_name"])
    found = {
        **_section(options.get("aws_config_file"), profile, f"profile {profile}"),
        **_section(options.get("aws_credentials_file"), profile),
    }
    region = found.get("region")
    if region and "aws_region_name" not in options and region != DEFAULT_REGION:
        raise HostFaultError(
            "auth",
            said=f"the AWS profile {profile} is of the region {region}, which is not configured",
            next_step=f'Write region = "{region}" for the backend, or set AWS_REGION_NAME.',
        )
    if not (found.get("aws_access_key_id") and found.get("aws_secret_access_key")):
        raise _without_keys(profile, found)
    return {
        "aws_access_key_id": found["aws_access_key_id"],
        "aws_secret_access_key": found["aws_secret_access_key"],
        "aws_session_token": found.get("aws_session_token", ""),
    }


def _section(path: Any, *names: str) -> dict[str, str]:
    if not path:
        return {}
    # Nothing in these files is interpolated, and a key may stand there twice.
    parser = configparser.RawConfigParser(strict=False, default_section="")
    try:
        parser.read_string(Path(path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        raise HostFaultError(
            "auth",
            said=f"{path} can't be read ({type(error).__name__})",
            next_step="Correct the file, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
        ) from None
    return {k: v for name in names if name in parser for k, v in parser[name].items()}


def _without_keys(profile: str, found: Mapping[str, str]) -> HostFaultError:
    for name, what in _ELSEWHERE:
        if name in found:
            return HostFaultError(
                "auth",
                said=f"the AWS profile {profile} {what}, which is not done here",
                next_step=f"Run: eval $(aws configure export-credentials --profile {profile} "
                "--format env), and start the editor from that shell.",
            )
    said = f"the AWS profile {profile} holds no access key"
    if not found:
        said = f"there is no AWS profile {profile}"
    return HostFaultError(
        "auth", said=said, next_step=f"Run: aws configure --profile {profile}, or name another."
    )
