"""The folder of chats: what a killed program left there goes, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

from streetrace_lsp.chat import folder


def test_what_was_half_written_long_ago_goes_with_the_next_chat(tmp_path: Path) -> None:
    chat = folder.create(tmp_path, "one")
    old, new = chat.with_name(".chat-old"), chat.with_name(".chat-new")
    for path in (old, new, chat):
        path.write_text("half", "utf-8")
    for path in (old, chat):
        os.utime(path, (1, 1))
    assert folder.create(tmp_path, "two") == chat.with_name("chat-2.md")
    names = {path.name for path in chat.parent.iterdir()}
    assert names == {".gitignore", ".chat-new", "chat-1.md", "chat-2.md"}


def test_a_chat_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    chat = folder.create(tmp_path, "one")
    chat.chmod(0o640)
    folder.replace(chat, "zwei 😀\r\n")
    assert chat.read_bytes().decode("utf-8") == "zwei 😀\r\n"
    assert chat.stat().st_mode & 0o777 == 0o640
    assert list(chat.parent.glob(".chat-*")) == []
