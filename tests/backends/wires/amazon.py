"""Amazon Bedrock: a bearer token, access keys or a profile, and its event stream."""

from __future__ import annotations

import re
from typing import Any

from backends.wires.row import QUESTION, SYSTEM, Row

_SYSTEM = "Amazon Bedrock"
_MODEL = "us.anthropic.claude-3-7-sonnet-20250219-v1:0"
_ARN = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdef123456"
_AT = {"AWS_BEDROCK_RUNTIME_ENDPOINT": "{server}"}
_BODY: dict[str, Any] = {
    "system": [{"text": SYSTEM}],
    "messages": [{"role": "user", "content": [{"text": QUESTION}]}],
    "inferenceConfig": {"maxTokens": 300, "temperature": 0.25},
}


def path(model: str) -> str:
    return f"/model/{model.replace(':', '%3A').replace('/', '%2F')}/converse-stream"


def origin(region: str) -> str:
    return f"https://bedrock-runtime.{region}.amazonaws.com"


def signed(key: str, region: str, *, token: bool = False) -> re.Pattern[str]:
    """An authorization header of Signature Version 4."""
    also = ";x-amz-security-token" if token else ""
    return re.compile(
        rf"AWS4-HMAC-SHA256 Credential={key}/\d{{8}}/{region}/bedrock/aws4_request, "
        rf"SignedHeaders=content-type;host;x-amz-date{also}, Signature=[0-9a-f]{{64}}"
    )


_BY_FILE = """\
model = "bedrock/edit"

[backends.bedrock]
provider = "bedrock"
profile = "work"
region = "eu-central-1"

[backends.bedrock.models]
edit = "eu.anthropic.claude-3-7-sonnet-20250219-v1:0"
"""
_CREDENTIALS = """\
[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = default-secret

[work]
aws_access_key_id = AKIAWORK
aws_secret_access_key = work-secret
aws_session_token = work-token
"""

AMAZON = (
    Row(
        name="bedrock-bearer-token",
        system=_SYSTEM,
        recipe=f'model = "bedrock/{_MODEL}"\n',
        environment={
            "AWS_BEARER_TOKEN_BEDROCK": "bedrock-canary",
            "AWS_REGION_NAME": "us-east-1",
        },
        target=f"bedrock/{_MODEL}",
        origin=origin("us-east-1"),
        path=path(_MODEL),
        headers={"authorization": "Bearer bedrock-canary"},
        body=_BODY,
        at_test_server=_AT,
        absent=("x-amz-date",),
    ),
    Row(
        name="bedrock-access-keys",
        system=_SYSTEM,
        recipe=f'model = "bedrock/{_MODEL}"\n',
        environment={
            "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret-canary",
            "AWS_SESSION_TOKEN": "session-canary",
            "AWS_REGION_NAME": "eu-west-1",
        },
        target=f"bedrock/{_MODEL}",
        origin=origin("eu-west-1"),
        path=path(_MODEL),
        headers={
            "authorization": signed("AKIAEXAMPLE", "eu-west-1", token=True),
            "x-amz-security-token": "session-canary",
        },
        body=_BODY,
        at_test_server=_AT,
    ),
    Row(
        name="bedrock-access-keys-without-a-session",
        system=_SYSTEM,
        recipe=f'model = "bedrock/{_MODEL}"\n',
        environment={
            "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret-canary",
        },
        target=f"bedrock/{_MODEL}",
        origin=origin("us-west-2"),
        path=path(_MODEL),
        headers={"authorization": signed("AKIAEXAMPLE", "us-west-2")},
        body=_BODY,
        at_test_server=_AT,
        absent=("x-amz-security-token",),
    ),
    Row(
        name="bedrock-profile",
        system=_SYSTEM,
        recipe=_BY_FILE,
        # The profile is named in the file, so it comes before these.
        environment={"AWS_BEARER_TOKEN_BEDROCK": "other", "AWS_REGION_NAME": "us-east-1"},
        target="bedrock/edit",
        origin=origin("eu-central-1"),
        path=path("eu.anthropic.claude-3-7-sonnet-20250219-v1:0"),
        headers={
            "authorization": signed("AKIAWORK", "eu-central-1", token=True),
            "x-amz-security-token": "work-token",
        },
        body=_BODY,
        at_test_server=_AT,
        files={".aws/credentials": _CREDENTIALS},
    ),
    Row(
        name="bedrock-profile-by-variable",
        system=_SYSTEM,
        recipe=f'model = "bedrock/{_MODEL}"\n',
        environment={"AWS_PROFILE_NAME": "team", "AWS_REGION_NAME": "us-east-1"},
        target=f"bedrock/{_MODEL}",
        origin=origin("us-east-1"),
        path=path(_MODEL),
        headers={"authorization": signed("AKIATEAM", "us-east-1")},
        body=_BODY,
        at_test_server=_AT,
        files={
            ".aws/credentials": _CREDENTIALS,
            ".aws/config": "[profile team]\nregion = us-east-1\naws_access_key_id = AKIATEAM\n"
            "aws_secret_access_key = team-secret\n",
        },
    ),
    Row(
        name="bedrock-after-aws-configure",
        system=_SYSTEM,
        recipe=f'model = "bedrock/{_MODEL}"\n',
        environment={"AWS_REGION": "us-east-2"},
        target=f"bedrock/{_MODEL}",
        origin=origin("us-east-2"),
        path=path(_MODEL),
        headers={"authorization": signed("AKIADEFAULT", "us-east-2")},
        body=_BODY,
        at_test_server=_AT,
        files={".aws/credentials": _CREDENTIALS, ".aws/config": "[default]\nregion = eu-west-3\n"},
    ),
    Row(
        name="bedrock-inference-profile",
        system=_SYSTEM,
        recipe=f'model = "bedrock/{_ARN}"\n',
        environment={"AWS_BEARER_TOKEN_BEDROCK": "bedrock-canary"},
        target=f"bedrock/{_ARN}",
        # The region is the ARN's.
        origin=origin("us-east-1"),
        path=path(_ARN),
        headers={"authorization": "Bearer bedrock-canary"},
        body=_BODY,
        at_test_server=_AT,
    ),
    Row(
        name="bedrock-invoke",
        system=_SYSTEM,
        recipe='model = "bedrock/invoke/anthropic.claude-3-5-sonnet-20241022-v2:0"\n',
        environment={
            "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret-canary",
            "AWS_REGION_NAME": "us-east-1",
        },
        target="bedrock/invoke/anthropic.claude-3-5-sonnet-20241022-v2:0",
        origin=origin("us-east-1"),
        path="/model/anthropic.claude-3-5-sonnet-20241022-v2:0/invoke-with-response-stream",
        headers={"authorization": signed("AKIAEXAMPLE", "us-east-1")},
        body={
            "anthropic_version": "bedrock-2023-05-31",
            "system": [{"type": "text", "text": SYSTEM}],
            "messages": [{"role": "user", "content": [{"type": "text", "text": QUESTION}]}],
            "max_tokens": 300,
            "temperature": 0.25,
        },
        at_test_server=_AT,
    ),
)
