"""Where an edit may go: real paths, looked at when a job starts and again right before sending.

`edits.paths` judges the words of a path; a symbolic link can say one thing and mean another.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from streetrace_lsp.edits.paths import refuse_path
from streetrace_lsp.lsp.settings import local_path

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer


def refuse_document(server: StreetraceServer, uri: str) -> str | None:
    """Why an open document is not edited, as a clause; None when it may be.

    A file in a workspace folder must really be in that folder. One that the person opened from
    outside every folder is judged by its own name and folders.
    """
    path = local_path(uri)
    if path is None:
        return None
    real = Path(os.path.realpath(path))
    root = server.settings.folder_of(path)
    if root is None:
        return refuse_path(Path(*real.parts[1:]).as_posix())
    real_root = Path(os.path.realpath(root))
    if not real.is_relative_to(real_root):
        return "it is a link that leads out of the workspace folder"
    return refuse_path(real.relative_to(real_root).as_posix())
