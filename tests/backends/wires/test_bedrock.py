"""Bedrock: what its event stream says when something goes wrong, and whose credentials are used."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from backends.asking import Answer, answer
from backends.fault_aws import event, exception
from backends.fault_server import FaultServer, Reply, body_of
from backends.wires.asked import target_of
from backends.wires.table import MESSAGES, ROWS, Row
from configured_project import Workspace
from streetrace_lsp.routing.call import reply
from streetrace_lsp.routing.errors import RoutingError
from streetrace_lsp.routing.events import BackendError
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.targets import resolve

pytestmark = pytest.mark.asyncio(loop_scope="session")
CONVERSE, INVOKE = (
    next(row for row in ROWS if row.name == name)
    for name in ("bedrock-access-keys", "bedrock-invoke")
)
each_operation = pytest.mark.parametrize("row", [CONVERSE, INVOKE], ids=lambda row: row.name)
ON_DEMAND = (
    "Invocation of model ID anthropic.claude-3-7-sonnet-20250219-v1:0 with on-demand throughput "
    "isn\u2019t supported. Retry your request with the ID or ARN of an inference profile that "
    "contains this model."
)


async def ask(row: Row, place: Path, host: ModelHost, server: FaultServer) -> Answer:
    target = target_of(row, place, server=server.base)
    return await answer(
        reply(host, replace(target, options={**target.options, "timeout_total": 20}), MESSAGES)
    )


def failed(found: Answer, kind: str) -> BackendError:
    assert found.finished is None
    assert found.error is not None
    assert found.error.kind == kind, found.error.detail
    return found.error


@each_operation
async def test_usage_and_reasoning_are_read(
    row: Row, tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(reasoning="Because.", text="So."))
    found = await ask(row, tmp_path, host, server)
    assert (found.reasoning, found.text) == ("Because.", "So.")
    assert found.finished is not None
    assert found.finished.usage is not None
    assert found.finished.usage.completion_tokens == 5


@each_operation
async def test_an_answer_at_its_limit_says_so(
    row: Row, tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(finish="length"))
    found = await ask(row, tmp_path, host, server)
    assert found.finished is not None
    assert found.finished.reason == "length"


@each_operation
async def test_a_stream_without_its_end_is_a_cut(
    row: Row, tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(finish=None))
    failed(await ask(row, tmp_path, host, server), "cut")


@each_operation
@pytest.mark.parametrize("share", [0.3, 0.6, 0.8])
async def test_a_connection_that_ends_in_the_middle_is_a_cut(
    row: Row, share: float, tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    wire = "converse" if row is CONVERSE else "invoke"
    whole = body_of(Reply(), wire=wire)  # type: ignore[arg-type]
    server.script(Reply(cut_after=int(len(whole) * share)))
    failed(await ask(row, tmp_path, host, server), "cut")


@each_operation
async def test_a_wrong_checksum_is_malformed(
    row: Row, tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    good = event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "x"}})
    server.script(Reply(raw_after=(1, good[:-1] + bytes([good[-1] ^ 1]))))
    error = failed(await ask(row, tmp_path, host, server), "malformed")
    assert "checksum" in error.message


@each_operation
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("throttlingException", "rate_limit"),
        ("modelStreamErrorException", "server"),
        ("serviceUnavailableException", "server"),
        ("validationException", "request"),
    ],
)
async def test_an_exception_in_the_stream_is_told(
    row: Row, name: str, kind: str, tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(raw_after=(1, exception(name, "The model is overloaded."))))
    error = failed(await ask(row, tmp_path, host, server), kind)
    assert "The model is overloaded" in error.message


@each_operation
async def test_on_demand_throughput_is_carried_in_its_own_words(
    row: Row, tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(status=400, message=ON_DEMAND))
    error = failed(await ask(row, tmp_path, host, server), "request")
    assert "on-demand throughput" in error.message
    assert error.status == 400


async def test_nothing_but_the_endpoint_is_looked_for(
    tmp_path: Path, host: ModelHost, server: FaultServer, host_log: list[str]
) -> None:
    """No metadata server, no other file, no token service: nothing was even tried."""
    begun = len(host_log)
    for row in [row for row in ROWS if row.system == "Amazon Bedrock"]:
        found = await ask(row, tmp_path / row.name, host, server)
        assert found.error is None
    assert [line for line in host_log[begun:] if "refused" in line] == []


async def test_without_credentials_it_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(RoutingError) as refused:
        resolve(
            Workspace(tmp_path).load(), "edit", "bedrock/anthropic.claude-3-haiku-20240307-v1:0"
        )
    assert "AWS_BEARER_TOKEN_BEDROCK" in refused.value.message
    assert "aws configure" in refused.value.next_step


@pytest.mark.parametrize(
    ("files", "said", "step"),
    [
        (
            {".aws/config": "[profile work]\nsso_session = corp\nregion = us-east-1\n"},
            "signs in by a browser (SSO)",
            "aws configure export-credentials --profile work",
        ),
        (
            {".aws/config": "[profile work]\nrole_arn = arn:aws:iam::1:role/x\n"},
            "takes on a role",
            "export-credentials",
        ),
        (
            {".aws/config": "[profile work]\ncredential_process = /bin/true\n"},
            "made by a program",
            "export-credentials",
        ),
        ({".aws/credentials": "[other]\n"}, "there is no AWS profile work", "--profile work"),
        ({".aws/credentials": "[work\n"}, "can't be read", "AWS_ACCESS_KEY_ID"),
        (
            {".aws/credentials": "[work]\naws_access_key_id = AKIA\n"},
            "holds no access key",
            "aws configure --profile work",
        ),
    ],
)
async def test_a_profile_that_can_not_be_used_says_why(
    files: dict[str, str],
    said: str,
    step: str,
    tmp_path: Path,
    host: ModelHost,
    server: FaultServer,
) -> None:
    row = replace(CONVERSE, environment={"AWS_PROFILE": "work", "AWS_REGION": "us-east-1"})
    error = failed(await ask(replace(row, files=files), tmp_path, host, server), "auth")
    assert said in f"{error.message} {error.next_step}"
    assert step in error.next_step
    assert server.requests == []


async def test_a_profile_of_another_region_asks_for_it(
    tmp_path: Path, host: ModelHost, server: FaultServer
) -> None:
    files = {
        ".aws/credentials": "[default]\naws_access_key_id = A\naws_secret_access_key = s\n",
        ".aws/config": "[default]\nregion = eu-west-3\n",
    }
    row = replace(CONVERSE, environment={}, files=files)
    error = failed(await ask(row, tmp_path, host, server), "auth")
    assert 'region = "eu-west-3"' in error.next_step


async def test_keys_of_a_profile_that_are_sent_back_are_not_shown(
    tmp_path: Path, host: ModelHost, server: FaultServer, host_log: list[str]
) -> None:
    (row,) = [row for row in ROWS if row.name == "bedrock-profile"]
    server.script(Reply(status=403, message="bad: AKIAWORK work-secret work-token"))
    error = failed(await ask(row, tmp_path, host, server), "auth")
    seen = json.dumps([error.message, error.next_step, error.detail, host_log])
    assert "work-secret" not in seen
    assert "work-token" not in seen
