"""Code blocks in answers: where they are, which file they name, and what they say."""

from __future__ import annotations

from streetrace_lsp.chat.answer import Answer
from streetrace_lsp.chat.blocks import blocks, open_fence
from streetrace_lsp.chat.code import code_in
from streetrace_lsp.chat.transcript import Turn, parse, render
from streetrace_lsp.edits import plan

OLD = "def f():\n    return 1\n"
EDIT = "<<<<<<< SEARCH\n    return 1\n=======\n    return 2\n>>>>>>> REPLACE\n"


def chat(answer: str) -> str:
    return render(
        "# Chat\n\n",
        [Turn("you", "```py\nnot = 'mine'\n```"), Turn("assistant", answer, "local/demo")],
    )


def test_blocks_of_answers_are_counted_and_name_their_files() -> None:
    text = chat(
        "**src/a.py**:\n```python\n## You\nvec![![x](http://e.org)]\n```\nPlain:\n\n"
        "~~~\n```\n~~~\n\n```js lib/b.js\nx\n```\n```\nopen"
    )
    found = list(code_in(parse(text)))
    assert [(one.number, one.path) for one in found] == [
        (1, "src/a.py"),
        (2, ""),
        (3, "lib/b.js"),
        (4, ""),
    ]
    assert found[0].text == "## You\nvec![![x](http://e.org)]\n"
    assert text[found[0].start : found[0].end].startswith("```python\n\\## You\n")
    assert found[3].text == "open"


def test_a_block_is_an_edit_of_the_file_above_it() -> None:
    for answer in (
        f"So:\n\nsrc/a.py\n```python\n{EDIT}```\n",
        f"```python src/a.py\n{EDIT}```\n",
        f"Bare:\n\nsrc/a.py\n{EDIT}",
    ):
        (code,) = code_in(parse(chat(answer)))
        planned = plan(code.reply, {"src/a.py": OLD}, default_path=None)
        assert planned.files == {"src/a.py": OLD.replace("1", "2")}, answer


def test_fences_as_commonmark_has_them() -> None:
    assert [one.text for one in blocks("    ```\nx\n```` y`\n```\na\n    ```\n``\n```  \nb")] == [
        "a\n    ```\n``\n"
    ]
    assert open_fence("a\n```py\nb\n```\n") == ""
    assert open_fence("a\n~~~~py\nb\n```\n") == "~~~~"


def test_an_answer_takes_the_documents_line_ends_and_shows_no_terminal_escape() -> None:
    answer = Answer("\r\n")
    out = "".join(map(answer.feed, ["\n\nA\r", "\nB\x1b[2J\x0c\rC", "\n", "\n"]))
    out += answer.finish(("done",))
    assert out == "A\r\nB\\x1b[2J\x0c\r\nC\r\n\r\n> Streetrace: done\r\n\r\n"
    assert answer.text == "A\nB\\x1b[2J\x0c\nC"
