"""Which paths a model's edit may name, judged by their spelling alone.

Model edits to editor settings, git hooks and tool configuration became code execution elsewhere
(CVE-2025-53773, CVE-2025-54130, CVE-2025-54135, CVE-2026-26268). Real paths and symbolic links
are checked where an edit is applied; this is the part that needs no file system.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

# Compared with each component after decoding, NFKC and case folding.
_FOLDERS = frozenset(
    {
        ".git", ".hg", ".svn", ".jj", ".vscode", ".vscode-server", ".idea", ".vs", ".fleet",
        ".zed", ".cursor", ".claude", ".windsurf", ".continue", ".codex", ".gemini", ".kiro",
        ".roo", ".cline", ".amazonq", ".devcontainer", ".husky", ".githooks", ".helix", ".vim",
        ".nvim", ".emacs.d", ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker",
    }
)  # fmt: skip
_NAMES = frozenset(
    {
        ".mcp.json", "mcp.json", ".gitmodules", ".gitconfig", ".gitattributes", ".vimrc", "_vimrc",
        ".gvimrc", "_gvimrc", ".lvimrc", ".local.vimrc", ".nvimrc", ".nvim.lua", ".exrc", "_exrc",
        ".ideavimrc", ".dir-locals.el", ".dir-locals-2.el", ".emacs", ".emacs.el", ".kateconfig",
        ".kateproject", ".kateproject.local", ".netrc", "_netrc", ".npmrc", ".pypirc", ".bashrc",
        ".bash_profile", ".bash_login", ".profile", ".zshrc", ".zshenv", ".zprofile", ".inputrc",
        ".pre-commit-config.yaml", ".clinerules", ".cursorrules", ".windsurfrules",
    }
)  # fmt: skip
_PREFIXES = (".env", ".streetrace", ".aider")
_SUFFIXES = (".code-workspace", ".sublime-project", ".sublime-workspace", ".code-profile")
_SHORT_NAME = re.compile(r"[^/]{1,8}~[0-9]")
_CI = re.compile(
    r"(^|/)(\.github/(workflows|actions)/|\.gitlab-ci|\.circleci/|\.buildkite/|\.woodpecker"
    r"|\.drone\.|\.travis\.|azure-pipelines|bitbucket-pipelines|jenkinsfile|\.ci/)"
)


def folded(path: str) -> str:
    """The path as a file system that folds case and Unicode may read it, with ``/`` only."""
    path = unicodedata.normalize("NFKC", path).casefold()
    return unicodedata.normalize("NFKC", path).replace("\\", "/")


def refuse_path(path: str) -> str | None:
    """Why a model may not edit this path (relative to the root), or None where it may.

    Checked as written and as decoded from percent-encoding, twice at most.
    """
    once = unquote(path, errors="replace")
    for spelling in dict.fromkeys((path, once, unquote(once, errors="replace"))):
        reason = _refuse(spelling)
        if reason is not None:
            return reason
    return None


def _refuse(path: str) -> str | None:
    plain = folded(path)
    if not plain.strip():
        return "the path is empty"
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in path + plain):
        return "the path contains invisible characters"
    if plain.startswith(("/", "~")) or re.match(r"[a-z]:", plain):
        return "the path is not inside the project"
    if ":" in plain or "�" in plain:
        return "the path contains a character that means something else on another system"
    # Windows drops dots and blanks at the end of a component.
    components = [part.rstrip(". ") or part for part in plain.split("/") if part not in ("", ".")]
    if not components:
        return "the path names a folder"
    if any(set(part.strip()) == {"."} for part in components):
        return "the path leads out of its folder"
    return _protected(components)


def _protected(components: list[str]) -> str | None:
    for part in map(str.strip, components):
        if part in _FOLDERS:
            return f"{part} is protected: files in it can start programs or hold secrets"
        if part in _NAMES or part.startswith(_PREFIXES):
            return f"{part} is protected: it configures tools or holds secrets"
        if part.endswith(_SUFFIXES):
            return f"{part} is protected: it configures an editor"
        if _SHORT_NAME.match(part):
            return f"{part} may be the short name of a protected file"
    return None


def runs_in_ci(path: str) -> bool:
    """Whether the path is a CI workflow: an edit to it needs the user's confirmation."""
    return _CI.search(folded(path)) is not None
