from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.prompts.redaction import MARKER, redact

SECRETS = (
    "AKIAQ3EGXYZ12ABCD9KL",
    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "sk-ant-api03-AAAAbbbbCCCCddddEEEEffff",
)
LINES = st.sampled_from(
    [
        *(f'key = "{secret}"\n' for secret in SECRETS),
        *(f"# {secret}\r\n" for secret in SECRETS),
        'password = "a b\té😀"\n',
        "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7v1f\n-----END PRIVATE KEY-----\n",
        "x = 1\n",
        "\n",
        f"{MARKER}_0001\n",
    ]
)
TEXTS = st.lists(st.one_of(LINES, st.text()), max_size=12).map("".join)


@given(TEXTS, TEXTS)
def test_what_goes_out_holds_no_secret_and_comes_back_exactly(one: str, other: str) -> None:
    redaction = redact({"a.py": one, "the instruction": other})
    for name, text in (("a.py", one), ("the instruction", other)):
        sent = redaction.text(name)
        assert redaction.restored(sent) == text
        assert not any(secret in sent for secret in SECRETS)
        for token in redaction.secrets:
            assert sent.count(token) <= 1
    assert redact({"a.py": one, "the instruction": other}) == redaction


@given(TEXTS)
def test_offsets_lead_there_and_back(text: str) -> None:
    cleaned = redact({"a.py": text}).cleaned["a.py"]
    inside = {at for one in cleaned.held for at in range(one.start + 1, one.end)}
    for offset in range(len(text) + 1):
        there = cleaned.offset(offset)
        if offset not in inside:
            assert cleaned.original(there) == offset
        assert there <= cleaned.offset(offset, end=True) <= len(cleaned.text)


def test_a_secret_of_one_text_is_one_in_all() -> None:
    redaction = redact({"a.py": 'password = "hunter2-long"', "diagnostic 1": "odd: hunter2-long"})
    assert redaction.text("diagnostic 1") == f"odd: {MARKER}_0002"
    assert redaction.withheld == (
        "a secret in a.py (line 1: a value with the name of a secret)",
        "a secret in diagnostic 1 (line 1: a value with the name of a secret)",
    )


def test_a_text_that_speaks_of_tokens_gets_others() -> None:
    text = f'{MARKER.lower()}_0001 = "{SECRETS[0]}"'
    redaction = redact({"a.py": text})
    (token,) = redaction.secrets
    assert token == "WITHHELD_2_SECRET_0001"


def test_unfaithful_edits() -> None:
    redaction = redact({"a.py": f'a = "{SECRETS[0]}"\nb = "{SECRETS[1]}"\n'})
    sent = redaction.text("a.py")
    first, second = redaction.secrets
    assert redaction.unfaithful(sent, sent + "c = 1\n") is None
    swapped = sent.replace(first, "?").replace(second, first).replace("?", second)
    assert redaction.unfaithful(sent, swapped) is None
    for lost in (sent.replace(first, ""), sent.replace(first, f"{first}1"), ""):
        assert "removes or alters" in str(redaction.unfaithful(sent, lost))
    assert "second place" in str(redaction.unfaithful(sent, sent + second))
    assert "second place" in str(redaction.unfaithful("", second))
    assert "stands for nothing" in str(redaction.unfaithful(sent, sent + MARKER.lower()))
    assert "second place" in str(redaction.unfaithful(sent, f"{sent}{MARKER}_0009"))
