"""The LSP language identifier of a file, for where no editor names it."""

from __future__ import annotations

from pathlib import PurePath

# LSP 3.17, "Text Document Item": language identifiers, by file extension.
_BY_SUFFIX = {
    ".bash": "shellscript", ".c": "c", ".cc": "cpp", ".cpp": "cpp", ".cs": "csharp",
    ".css": "css", ".cxx": "cpp", ".go": "go", ".h": "c", ".hpp": "cpp", ".html": "html",
    ".java": "java", ".js": "javascript", ".json": "json", ".jsx": "javascriptreact",
    ".kt": "kotlin", ".lua": "lua", ".md": "markdown", ".mjs": "javascript", ".php": "php",
    ".pl": "perl", ".py": "python", ".pyi": "python", ".rb": "ruby", ".rs": "rust",
    ".scala": "scala", ".scss": "scss", ".sh": "shellscript", ".sql": "sql",
    ".swift": "swift", ".toml": "toml", ".ts": "typescript", ".tsx": "typescriptreact",
    ".txt": "plaintext", ".xml": "xml", ".yaml": "yaml", ".yml": "yaml",
}  # fmt: skip


def language_of(path: PurePath) -> str:
    """The language identifier by the file's name; ``plaintext`` for an unknown one."""
    return _BY_SUFFIX.get(path.suffix.lower(), "plaintext")
