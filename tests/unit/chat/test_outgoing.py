"""What leaves the machine of a conversation has no secret in it that any turn gives away."""

from __future__ import annotations

from streetrace_lsp.chat.messages import Said
from streetrace_lsp.chat.outgoing import outgoing

# Nothing in the characters themselves says that this is one.
SECRET = "correct-horse-battery"


def test_a_secret_that_only_a_turn_left_out_names_is_withheld() -> None:
    said = [
        Said("you", f'password = "{SECRET}"\n' + "words " * 2000),
        Said("assistant", "Noted."),
        Said("you", f"Why does {SECRET} not work?"),
    ]
    sent = outgoing(said, room=600)
    assert sent.left_out == 2
    assert SECRET not in str(sent.messages)
    assert sent.redaction.withheld == (
        "a secret in turn 3 (line 1: a value with the name of a secret)",
    )
