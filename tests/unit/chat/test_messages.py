"""What is sent of a conversation, and what is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.chat.messages import Attached, Said, fit, whole
from streetrace_lsp.prompts.trim import PromptTooLargeError

FILE = Attached("File a.py", "a = `1`\n```\n", "python")

some = st.lists(
    st.builds(
        Said,
        st.sampled_from(["you", "assistant"]),
        st.text("ab é", min_size=1, max_size=200),
        st.sampled_from([(), (FILE,)]),
    ),
    max_size=8,
).map(lambda said: [*said, Said("you", "Last?")])


def test_the_two_take_turns_and_a_file_goes_along_where_it_is_named_first() -> None:
    said = [
        Said("you", "One", (FILE,)),
        Said("assistant", "1"),
        Said("you", "Two"),
        Said("you", "Three", (FILE,)),
    ]
    found = whole(said).messages
    assert [one["role"] for one in found] == ["system", "user", "assistant", "user"]
    assert found[1]["content"] == "One\n\nFile a.py:\n````python\na = `1`\n```\n````"
    assert found[3]["content"] == "Two\n\nThree"


def test_the_oldest_turns_are_left_out_first() -> None:
    said = [Said("you" if n % 2 == 0 else "assistant", f"{n} " + "word " * 500) for n in range(9)]
    found = fit(said, 2600, model="m")
    assert found.left_out == 6
    assert found.messages[1]["content"].startswith("6 ")
    assert found.tokens <= 2600


def test_a_question_that_does_not_fit_alone_is_refused_with_its_size() -> None:
    with pytest.raises(PromptTooLargeError) as refused:
        fit([Said("you", "word " * 5000)], 1000, model="local (demo)")
    assert "about 7," in refused.value.message
    assert "room for 1,000" in refused.value.message


def test_where_nothing_may_be_left_out_it_is_refused() -> None:
    said = [Said("you", "word " * 900), Said("assistant", "1"), Said("you", "2")]
    with pytest.raises(PromptTooLargeError, match="conversation takes"):
        fit(said, 600, overflow="refuse", model="m")
    assert fit(said, 600, model="m").left_out == 2
    assert fit(said, 6000, overflow="refuse", model="m").left_out == 0


@given(some, st.integers(200, 2000))
def test_what_is_sent_is_the_end_of_it_and_fits(said: list[Said], room: int) -> None:
    try:
        found = fit(said, room, model="m")
    except PromptTooLargeError:
        return
    assert found.tokens <= room + 8 * len(said)
    assert found.messages[1]["role"] == "user"
    assert found.messages[-1]["content"].endswith("Last?")
    assert found.messages == whole(said[found.left_out :]).messages
