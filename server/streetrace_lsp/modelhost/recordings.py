"""Recorded exchanges: the file format, finding one by its request, and writing one.

A recording is one JSON file (UTF-8, any name ending in ``.json``) in a folder:

    {
      "request": {
        "model": "demo",
        "messages": [{"role": "system", "content": "…"}, {"role": "user", "content": "…"}]
      },
      "reply": {
        "chunks": ["```python\\n", "def f():\\n", "```\\n"],
        "reasoning": ["…"],
        "finish_reason": "stop",
        "usage": {"prompt_tokens": 12, "completion_tokens": 34},
        "seconds": 2.5
      }
    }

``reasoning`` and ``usage`` may be missing, and so may ``seconds``, over which the chunks are spread
evenly, and ``tool_calls``, a list of ``{"id", "name", "arguments"}``, whose arguments are JSON in a
text. A text may be a list of its lines, which is
easier to read and to edit: ``"content": ["first line\\n", "second line\\n"]``. It answers a
request for the same model with the same messages, compared as text, to which tool calls belong
without their ids; nothing else of the request matters. A request
for the model ``replay``, which is what a backend without a model asks, is answered by a recording
of any model.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Final

ANY_MODEL: Final = "replay"
_EXCERPT: Final = 30
_COMPARED: Final = 2000


class UnreadableRecordingError(Exception):
    """A file in the folder is no recording; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One recorded exchange."""

    path: Path
    model: str
    messages: tuple[tuple[str, str], ...]
    chunks: tuple[str, ...]
    reasoning: tuple[str, ...]
    finish_reason: str
    usage: Mapping[str, int | None] | None
    tool_calls: tuple[Mapping[str, str], ...] = ()
    # How long the chunks take, in seconds; 0 sends them as fast as it goes.
    seconds: float = 0.0


def request_hash(model: str, messages: Iterable[Mapping[str, Any]]) -> str:
    """The canonical hash of a request: model, and role and text of each message in order."""
    return _hash(model, canonical(messages))


def canonical(messages: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Role and text of each message, line ends as ``\\n``."""
    return tuple((str(m.get("role", "")), _text(m.get("content")) + _calls(m)) for m in messages)


def load(folder: Path) -> list[Recording]:
    """Every recording in ``folder``, by file name.

    Raises ``UnreadableRecordingError`` for a folder that is missing and a file that is broken.
    """
    if not folder.is_dir():
        raise UnreadableRecordingError(f"the folder {folder} does not exist")
    return [_read(path) for path in sorted(folder.glob("*.json"))]


def find(
    recordings: Iterable[Recording], model: str, messages: Iterable[Mapping[str, Any]]
) -> Recording | None:
    """The recording that answers this request: of its model, or for `ANY_MODEL` of any."""
    asked = canonical(messages)
    same = [recording for recording in recordings if recording.messages == asked]
    exact = next((recording for recording in same if recording.model == model), None)
    return exact or next((r for r in same if model == ANY_MODEL), None)


def nearest(
    recordings: Iterable[Recording], model: str, messages: Iterable[Mapping[str, Any]]
) -> tuple[Recording, str] | None:
    """The most similar recording and, in words, the first place where it differs."""
    asked = canonical(messages)

    def likeness(recording: Recording) -> float:
        pair = SequenceMatcher(None, _joined(recording.messages), _joined(asked), autojunk=False)
        return pair.quick_ratio() + (model in {recording.model, ANY_MODEL})

    best = max(recordings, key=likeness, default=None)
    return (best, _difference(best, model, asked)) if best is not None else None


def record(
    folder: Path,
    model: str,
    messages: Sequence[Mapping[str, Any]],
    *,
    chunks: Sequence[str],
    reasoning: Sequence[str] = (),
    finish_reason: str = "stop",
    usage: Mapping[str, int | None] | None = None,
) -> Path:
    """Writes one exchange into ``folder`` (made if missing) and returns the file's path.

    The same request recorded again replaces the earlier file. Raises ``OSError``.
    """
    asked = canonical(messages)
    said: dict[str, Any] = {"chunks": list(chunks), "finish_reason": finish_reason}
    if reasoning:
        said["reasoning"] = list(reasoning)
    if usage:
        said["usage"] = dict(usage)
    content = {
        "request": {
            "model": model,
            "messages": [{"role": role, "content": _lines(text)} for role, text in asked],
        },
        "reply": said,
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{_hash(model, asked)[:16]}.json"
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(path)
    return path


def _hash(model: str, messages: tuple[tuple[str, str], ...]) -> str:
    body = json.dumps([model, messages], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(body.encode("ascii")).hexdigest()


def _read(path: Path) -> Recording:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        request, reply = content["request"], content["reply"]
        return Recording(
            path=path,
            model=str(request["model"]),
            messages=canonical(request["messages"]),
            chunks=tuple(str(chunk) for chunk in reply["chunks"]),
            reasoning=tuple(str(chunk) for chunk in reply.get("reasoning", ())),
            finish_reason=str(reply.get("finish_reason", "stop")),
            usage=reply.get("usage"),
            tool_calls=tuple(
                {name: str(call[name]) for name in ("id", "name", "arguments")}
                for call in reply.get("tool_calls", ())
            ),
            seconds=max(0.0, float(reply.get("seconds", 0.0))),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableRecordingError(f"{path} is not a recording: {error!r}") from error


def _text(content: Any) -> str:
    if content is None:
        return ""
    if isinstance(content, list):
        parts = (part.get("text", "") if isinstance(part, Mapping) else part for part in content)
        content = "".join(str(part) for part in parts)
    return str(content).replace("\r\n", "\n")


def _calls(message: Mapping[str, Any]) -> str:
    """The calls that a message of the model holds, as text: their ids are made up each time."""
    calls = (call["function"] for call in message.get("tool_calls") or ())
    return "".join(f"\n[{call['name']} {call['arguments']}]" for call in calls)


def _lines(text: str) -> str | list[str]:
    lines = text.splitlines(keepends=True)
    return lines if len(lines) > 1 else text


def _joined(messages: tuple[tuple[str, str], ...]) -> str:
    # The end is where requests differ: what was selected and asked stands last.
    return "\n".join(text for _, text in messages)[-_COMPARED:]


def _difference(recording: Recording, model: str, asked: tuple[tuple[str, str], ...]) -> str:
    if model not in {recording.model, ANY_MODEL}:
        return f'it is for the model "{recording.model}", asked was "{model}"'
    for number, (old, new) in enumerate(zip(recording.messages, asked, strict=False), start=1):
        if old == new:
            continue
        if old[0] != new[0]:
            return f"message {number} has the role {old[0]}, asked was {new[0]}"
        return f"message {number} ({new[0]}) {_first_difference(old[1], new[1])}"
    return f"it has {len(recording.messages)} messages, asked were {len(asked)}"


def _first_difference(old: str, new: str) -> str:
    same = (a == b for a, b in zip(old, new, strict=False))
    at = next((n for n, equal in enumerate(same) if not equal), min(len(old), len(new)))
    line = new.count("\n", 0, at) + 1
    column = at - (new.rfind("\n", 0, at) + 1) + 1
    return (
        f"differs first at line {line}, character {column}: "
        f"recorded {_excerpt(old, at)}, asked {_excerpt(new, at)}"
    )


def _excerpt(text: str, at: int) -> str:
    return repr(text[at : at + _EXCERPT]) if at < len(text) else "the end"
