"""A program's question in a chat: whatever it holds, it reads back as what was asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.chat.attachments import attachments
from streetrace_lsp.chat.question import asked, mention, worded
from streetrace_lsp.chat.transcript import parse
from streetrace_lsp.edits.changes import apply

ENDS = ["", "# Chat\n\n## You\n\n", "## You", "## You\n", "## Assistant (a/b)\n\nHi\n\n"]
OURS = st.sampled_from(["## You\n", "\n## Assistant (x)\n", "> Streetrace: x", "```\n", "\\", "\n"])


@given(st.lists(OURS | st.text(max_size=8), max_size=8).map("".join), st.sampled_from(ENDS))
def test_any_question_reads_back(words: str, before: str) -> None:
    words = words.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not words:
        return
    turns = parse(apply(before, (asked(before, worded(words)),))).turns
    assert (turns[-1].speaker, turns[-1].text, turns[-1].notes) == ("you", words, ())
    assert len(turns) == (2 if "Hi" in before else 1)


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("draft", ["", "Draft", "Draft\n\n> Streetrace: no"])
def test_a_question_goes_below_what_stands_there_or_in_its_place(draft: str, eol: str) -> None:
    text = f"# Chat\n\n## You\n\n{draft}\n\n".replace("\n", eol)
    below = apply(text, (asked(text, "a\nb"),)).replace(eol, "\n")
    assert below == f"# Chat\n\n## You\n\n{f'{draft}{chr(10) * 2}' if draft else ''}a\nb"
    place = apply(text, (asked(text, "a\nb", instead=True),))
    assert place == "# Chat\n\n## You\n\na\nb".replace("\n", eol)


@pytest.mark.parametrize(
    ("kind", "argument", "words"),
    [
        ("file", "a/b.py", "@file a/b.py"),
        ("file", "my file.py", '@file "my file.py"'),
        ("selection", "a.py:3-5", "@selection a.py:3-5"),
        ("search", "some words", "@search some words"),
        ("open", "", "@open"),
        ("file", 'a"b', None),
        ("file", "a\nb", None),
        ("open", "x", None),
        ("selection", "a.py:5-3", None),
    ],
)
def test_an_attachment_is_written_as_a_person_would(
    kind: str, argument: str, words: str | None
) -> None:
    assert mention(kind, argument) == words
    if words is not None:
        assert [(one.kind, one.argument) for one in attachments(words)] == [(kind, argument)]
