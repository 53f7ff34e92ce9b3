from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.edits import Plan, plan
from streetrace_lsp.edits.changes import Change, apply
from streetrace_lsp.prompts.actions import BUILT_IN
from streetrace_lsp.prompts.build import Ask, Guidance, Snapshot, build
from streetrace_lsp.prompts.redaction import redact, redact_again
from streetrace_lsp.requests.outgoing import Outgoing, outgoing, put_back

FIX = next(action for action in BUILT_IN if action.name == "fix")
KEY = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
PEM = "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7v1f\nabc=\n-----END PRIVATE KEY-----\n"
PIECES = st.sampled_from(
    ["def f():\n", f'    key = "{KEY}"\n', "    return 1\n", "\n", PEM, 'PWD = "ümläut pässword"\n']
)


def asked(text: str, start: int = 0, end: int | None = None) -> Outgoing:
    whole = len(text) if end is None else end
    return outgoing(Ask(FIX, Snapshot("a.py", text, "python"), start, whole))


def planned(sent: Outgoing, reply: str, **others: str) -> Plan:
    ask = sent.ask
    bases = {**others, "a.py": ask.snapshot.text}
    found = plan(reply, bases, selection=("a.py", ask.start, ask.end), default_path="a.py")
    assert not found.refusals, found.refusals
    return sent.put_back(found, bases)


@given(st.lists(PIECES, min_size=1, max_size=8), st.data())
def test_a_model_that_keeps_tokens_leaves_every_secret_as_it_is(
    pieces: list[str], data: st.DataObject
) -> None:
    text = "".join(["first\n", *pieces, "last\n"])
    line = data.draw(st.sampled_from(["first\n", "last\n"]))
    sent = asked(text)
    new = sent.ask.snapshot.text.replace(line, "changed = 1\n")
    found = planned(sent, f"````python\n{new}````\n")
    assert found.files == {"a.py": text.replace(line, "changed = 1\n")}


@given(st.lists(PIECES, min_size=1, max_size=6), st.data())
def test_a_selection_is_the_same_lines_without_secrets(
    pieces: list[str], data: st.DataObject
) -> None:
    text = "".join(pieces)
    starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]
    start = data.draw(st.sampled_from(starts[:-1]))
    end = data.draw(st.sampled_from([one for one in starts if one > start]))
    sent = asked(text, start, end)
    ask = sent.ask
    selected = ask.snapshot.text[ask.start : ask.end]
    # A private key is one token, so a selection that cuts it has all of it.
    assert text[start:end] in sent.redaction.restored(selected)
    assert ask.start == 0 or ask.snapshot.text[ask.start - 1] == "\n"
    assert selected.endswith("\n")


@pytest.mark.parametrize(
    ("of", "to"),
    [
        ("{token}", "none"),
        ("{token}", "{token} {token}"),
        ("{token}", "{token}0"),
        ("{token}", "withheld_secret_1"),
        ("    return 1\n", "    return '{token}'\n"),
    ],
)
def test_a_reply_that_loses_repeats_or_alters_a_secret_is_refused(of: str, to: str) -> None:
    sent = asked(f'def f():\n    key = "{KEY}"\n    return 1\n')
    (token,) = sent.redaction.secrets
    text = sent.ask.snapshot.text
    new = text.replace(of.format(token=token), to.format(token=token))
    assert new != text
    found = planned(sent, f"```python\n{new}```\n")
    assert found.files == {}
    (refusal,) = found.refusals
    assert refusal.code == "secret"
    assert KEY not in refusal.message


def test_a_secret_does_not_go_into_another_file() -> None:
    sent = asked(f'key = "{KEY}"\nx = 1\n')
    (token,) = sent.redaction.secrets
    reply = f"b.py\n<<<<<<< SEARCH\ny = 2\n=======\ny = '{token}'\n>>>>>>> REPLACE\n"
    found = planned(sent, reply, **{"b.py": "y = 2\n"})
    assert [refusal.code for refusal in found.refusals] == ["secret"]


def test_nothing_of_a_request_holds_a_secret() -> None:
    text = f'key = "{KEY}"\n'
    sent = outgoing(
        Ask(
            FIX,
            Snapshot("a.py", text, "python"),
            0,
            len(text),
            instruction=f"not {KEY}",
            diagnostics=(f"line 1: {KEY} is too long",),
            guidance=(Guidance("AGENTS.md", f"Use {KEY}."), Guidance("a.py", "odd")),
        )
    )
    said = "\n".join(message["content"] for message in build(sent.ask).messages)
    assert KEY not in said
    assert "rules of this project, from its file AGENTS.md" in said
    assert len(sent.withheld) == 4


@given(st.lists(PIECES, min_size=1, max_size=8), st.lists(PIECES, max_size=3), st.data())
def test_secrets_are_put_back_into_a_text_that_has_changed_meanwhile(
    pieces: list[str], above: list[str], data: st.DataObject
) -> None:
    sent = redact({"a.py": "".join(["first\n", *pieces, "last\n"])})
    line = data.draw(st.sampled_from(["first\n", "last\n"]))
    new = sent.text("a.py").replace(line, "changed = 1\n")
    blocks = f"a.py\n<<<<<<< SEARCH\n{sent.text('a.py')}=======\n{new}>>>>>>> REPLACE\n"
    now = {"a.py": "".join([*above, "between\n", "first\n", *pieces, "last\n"])}
    again, reply = redact_again(now, blocks, sent.secrets)
    clean = {"a.py": again.text("a.py")}
    found = plan(reply, clean)
    assert not found.refusals, found.refusals
    back = put_back(found, again, now, clean)
    assert back.files == {"a.py": now["a.py"].replace(line, "changed = 1\n")}
    assert (
        apply(now["a.py"], [Change(h.start, h.end, h.new) for h in back.hunks])
        == (back.files["a.py"])
    )


def test_a_short_secret_is_known_again_only_where_it_stands_as_one() -> None:
    text = 'password = "tige"\ntige = 1\n'
    again, reply = redact_again(
        {"a.py": text}, "WITHHELD_SECRET_0001", {"WITHHELD_SECRET_0001": "tige"}
    )
    assert reply == "WITHHELD_2_SECRET_0001"
    assert again.text("a.py") == 'password = "WITHHELD_2_SECRET_0001"\ntige = 1\n'


def test_a_secret_in_another_one_is_a_part_of_it() -> None:
    secrets = {"WITHHELD_SECRET_0001": KEY, "WITHHELD_SECRET_0002": KEY[4:20]}
    again, _ = redact_again({"a": f"{KEY} {KEY[4:20]}"}, "", secrets)
    assert again.text("a") == "WITHHELD_SECRET_0001 WITHHELD_SECRET_0002"
    assert again.restored(again.text("a")) == f"{KEY} {KEY[4:20]}"
