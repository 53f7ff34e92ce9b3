"""YAML of somebody else's tool, read as data: bounded, and with the line of every key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from streetrace_lsp.errors import StreetraceError

from .readable import escaped

if TYPE_CHECKING:
    import yaml

Place = tuple[str | int, ...]

# Larger than any configuration of models, and read in about a second.
LARGEST: Final = 256 * 1024
# What aliases may come to when each is written out: ten of ten of ten … fill a computer's memory.
_MOST_NODES: Final = 50_000
_DEEPEST: Final = 40


class SourceError(StreetraceError):
    """A file to import can't be read; the message names the file and the line."""


@dataclass(frozen=True)
class Source:
    """A file to import: its path, its data, and the line of each key and list item."""

    path: Path
    data: Any
    lines: Mapping[Place, int] = field(default_factory=dict)

    def place(self, *at: str | int) -> str:
        """``file:line`` of what stands at this place, or of the nearest thing around it."""
        line = next(
            (self.lines[at[:n]] for n in range(len(at), 0, -1) if at[:n] in self.lines), None
        )
        return f"{self.path.name}:{line}" if line else self.path.name


def parse_yaml(path: Path, data: bytes) -> Source:
    """The YAML or JSON document in ``data``. Raises `SourceError` with the line of a mistake.

    No tag makes an object (`SafeLoader`), and a date stays the text that it was written as.
    """
    import yaml

    if len(data) > LARGEST:
        raise SourceError(
            f"{path} is larger than {LARGEST // 1024} KiB.", "Import the part about models alone."
        )
    loader_type = _loader_type()
    try:
        loader = loader_type(data.decode("utf-8-sig"))
        node = loader.get_single_node()
        lines = dict(_lines(node)) if node is not None else {}
        value = _plain(loader.construct_document(node)) if node is not None else None
    except _TooMuchError as error:
        raise SourceError(f"{path}: {error}.", "Nothing was imported.") from None
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8 (byte {error.start}).", "Convert it.") from None
    except yaml.YAMLError as error:
        raise SourceError(f"{path}{_where(error)}.", "Correct it, then run it again.") from None
    except (ValueError, OverflowError, RecursionError) as error:
        # PyYAML's own words would show a value.
        what = "is nested too deeply" if isinstance(error, RecursionError) else "holds a bad value"
        raise SourceError(f"{path} {what}.", "Correct it, then run it again.") from None
    return Source(path, value, lines)


class _TooMuchError(Exception):
    """The document is larger, or deeper, than any configuration."""


def _loader_type() -> type[yaml.SafeLoader]:
    import yaml

    class Plain(yaml.SafeLoader):  # type: ignore[misc]
        """`SafeLoader` that leaves dates alone: `api_version: 2024-10-21` is one."""

    dates = "tag:yaml.org,2002:timestamp"
    Plain.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != dates]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return Plain


def _lines(root: yaml.Node) -> Iterator[tuple[Place, int]]:
    """The lines, counted from 1. An alias counts as often as it is used. Raises `_TooMuchError`."""
    import yaml

    waiting: list[tuple[yaml.Node, Place]] = [(root, ())]
    count = 0
    while waiting:
        node, at = waiting.pop()
        count += 1
        if count > _MOST_NODES:
            raise _TooMuchError("it holds too many values, or aliases of aliases")
        if len(at) > _DEEPEST:
            raise _TooMuchError(f"it is nested too deeply (line {node.start_mark.line + 1})")
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    line = key.start_mark.line + 1
                    raise _TooMuchError(f"line {line} has a key that is no plain word")
                below = (*at, key.value)
                yield below, key.start_mark.line + 1
                waiting.append((value, below))
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                yield (*at, index), value.start_mark.line + 1
                waiting.append((value, (*at, index)))


def _plain(value: Any) -> Any:
    """A copy with text for keys, in which no two places share a table."""
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return value


def _where(error: yaml.YAMLError) -> str:
    """The line, the column and PyYAML's reason; never a piece of the text, which may be a key."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    reason = str(getattr(error, "problem", None) or "not YAML").partition("'")[0].strip()
    place = f":{mark.line + 1}:{mark.column + 1}" if mark is not None else ""
    return f"{place} is not valid YAML: {escaped(reason)}"
