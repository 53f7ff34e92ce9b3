"""What a key does, in Markdown: the same words as on the reference page."""

from __future__ import annotations

from streetrace_lsp.config.reference import example, in_a_project, type_words

from .keys import Key, forms


def kind(key: Key) -> str:
    """What kind of value the key has, in a few words."""
    if key.is_table:
        return "table"
    shown = [form for form in forms(key.schema) if form.get("type") != "object"]
    return type_words({**key.schema, "anyOf": shown} if len(shown) > 1 else shown[0])


def documentation(key: Key, *, from_project: bool) -> str:
    """The key's description, an example, and what it needs in a project's file."""
    parts = [key.description] if key.description else []
    if key.example is not None:
        named = tuple(str(step) for step in key.path)
        lines = "\n".join(example(named, key.example))
        parts.append(f"```toml\n{lines}\n```")
    if from_project:
        parts.append(in_a_project(key.path))
    return "\n\n".join(parts)
