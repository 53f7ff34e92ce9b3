"""docs/protocol.md lists exactly the commands and methods that the code has."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from streetrace_lsp.lsp import (
    chat_params,
    register_chat_requests,
    register_keys,
    register_review,
    register_status,
    review_params,
    status_request,
)
from streetrace_lsp.lsp.commit_request import MessageParams
from streetrace_lsp.lsp.jobs import JOB
from streetrace_lsp.lsp.model_params import CompleteParams, ListParams
from streetrace_lsp.lsp.register_commit_request import MESSAGE
from streetrace_lsp.lsp.register_model import COMPLETE, LIST, PART
from streetrace_lsp.lsp.server import create

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"


def test_every_command_and_custom_method_is_documented_and_no_other(tmp_path: Path) -> None:
    server = create(lambda: tmp_path / "config", lambda: tmp_path / "state")
    text = PAGE.read_text(encoding="utf-8")

    commands = set(server.protocol.fm.commands)
    assert set(re.findall(r"^\| `(streetrace\.[a-z.]+)` \|", text, re.M)) == commands

    custom = {name for name in server.protocol.fm.features if name.startswith("streetrace/")}
    assert set(re.findall(r"^### `(streetrace/[a-zA-Z/]+)`", text, re.M)) == custom | {
        JOB,
        PART,
        register_chat_requests.PART,
        register_review.CHANGED,
        register_keys.KEY,
    }


def test_every_final_state_is_documented() -> None:
    from typing import get_args

    from streetrace_lsp.lsp.jobs import Final

    finals = PAGE.read_text(encoding="utf-8").split("Final states:")[1].split("\n\n")[0]
    assert set(re.findall(r"`(\w+)` \(|`(cancelled)`", finals)) == {
        (state, "") if state != "cancelled" else ("", "cancelled") for state in get_args(Final)
    }


@pytest.mark.parametrize(
    ("method", "params"),
    [
        (COMPLETE, CompleteParams),
        (LIST, ListParams),
        (MESSAGE, MessageParams),
        (register_chat_requests.CREATE, chat_params.CreateParams),
        (register_chat_requests.READ, chat_params.ReadParams),
        (register_chat_requests.LIST, chat_params.ListParams),
        (register_chat_requests.SEND, chat_params.SendParams),
        (register_chat_requests.REGENERATE, chat_params.AgainParams),
        (register_chat_requests.CONTINUE, chat_params.AgainParams),
        (register_chat_requests.COMPACT, chat_params.AgainParams),
        (register_chat_requests.MODEL, chat_params.ModelParams),
        (register_chat_requests.FORK, chat_params.ForkParams),
        (register_chat_requests.APPLY, chat_params.ApplyParams),
        (register_chat_requests.INSERT, chat_params.InsertParams),
        (register_chat_requests.CREATE_FILE, chat_params.CreateFileParams),
        (register_review.LIST, review_params.ListParams),
        (register_review.TEXTS, review_params.TextsParams),
        (register_status.STATUS, status_request.StatusParams),
    ],
)
def test_every_parameter_is_documented_and_no_other(method: str, params: type) -> None:
    section = PAGE.read_text(encoding="utf-8").split(f"### `{method}`\n")[1].split("\n### ")[0]
    table = section.split("| Parameter |")[1].split("\n\n")[0]
    named = re.findall(r"^\| `(\w+)` \|", table, re.M)
    assert named == [field.name for field in dataclasses.fields(params)]


def test_every_kind_of_error_is_documented_and_no_other() -> None:
    from streetrace_lsp.lsp.request_errors import KINDS
    from streetrace_lsp.routing.events import BackendError

    page = PAGE.read_text(encoding="utf-8").split("Before anything is sent:")[1].split("\n")[0]
    listed = (BackendError.__doc__ or "").split("one of:")[1].split("``retry_after``")[0]
    of_backends = set(re.findall(r"\w+", re.sub(r"\([^)]*\)", "", listed)))
    assert set(re.findall(r"`([a-z_]+)`", page)) - {"local_only"} == of_backends | KINDS
