"""What an error status, and the words that come with it, mean."""

from __future__ import annotations

import email.utils
import json
import time

import pytest

from streetrace_lsp.modelhost.statuses import kind_of, message_in, retry_after


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (400, "This model's maximum context length is 8192 tokens", "context"),
        (400, "prompt is too long: 210000 tokens > 200000 maximum", "context"),
        (400, "the request exceeds the available context size (4096 tokens)", "context"),
        (413, "input is too long", "context"),
        (400, "API key not valid. Please pass a valid API key.", "auth"),
        (
            400,
            "filtered due to Azure's content management policy",
            "content_filter",
        ),
        (400, "temperature must be at most 2", "request"),
        (401, "", "auth"),
        (403, "", "auth"),
        (404, "", "not_found"),
        (408, "", "server"),
        (429, "", "rate_limit"),
        (500, "", "server"),
        (529, "overloaded_error", "server"),
    ],
)
def test_the_kind(status: int, said: str, kind: str) -> None:
    assert kind_of(status, said) == kind


@pytest.mark.parametrize(
    "body",
    [
        '{"error": "no such model"}',
        '{"error": {"message": "no such model", "type": "x"}}',
        '{"type": "error", "error": {"type": "not_found_error", "message": "no such model"}}',
        '[{"error": {"code": 404, "message": "no such model"}}]',
        '{"message": "no such model"}',
        '{"detail": "no such model"}',
        "no  such\nmodel",
    ],
)
def test_the_words_are_found_wherever_providers_put_them(body: str) -> None:
    assert message_in(body) == "no such model"


def test_a_web_page_is_called_one() -> None:
    assert message_in("<!DOCTYPE html><html>…") == "a web page"


def test_long_words_are_whole_until_the_keys_are_out_of_them() -> None:
    assert message_in(json.dumps({"error": "x" * 10_000})) == "x" * 10_000


@pytest.mark.parametrize(("value", "seconds"), [("7", 7), ("0.5", 0.5), ("-1", 0)])
def test_retry_after_in_seconds(value: str, seconds: float) -> None:
    assert retry_after({"retry-after": value}) == seconds


def test_retry_after_as_a_date() -> None:
    value = email.utils.formatdate(time.time() + 100, usegmt=True)
    found = retry_after({"retry-after": value})
    assert found is not None
    assert 50 < found <= 101


@pytest.mark.parametrize(
    "value",
    [
        *("3601", "inf", "1e400", "9" * 20, "9" * 400),
        *("Thu, 01 Jan 2099 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -2359"),
    ],
)
def test_no_server_makes_anybody_wait_for_more_than_an_hour(value: str) -> None:
    assert retry_after({"retry-after": value}) == 3600


@pytest.mark.parametrize("value", ["", "soon", "Mon", "nan", "Mon, 01 Jan 99999 00:00:00 GMT"])
def test_an_unreadable_retry_after_is_none(value: str) -> None:
    assert retry_after({"retry-after": value}) is None
