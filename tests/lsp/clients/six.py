"""The six clients that every session runs under."""

from __future__ import annotations

from lsp.clients.bare import Bare
from lsp.clients.editor import Editor
from lsp.clients.eglot import Eglot
from lsp.clients.helix import Helix
from lsp.clients.kate import Kate
from lsp.clients.neovim import Neovim
from lsp.clients.vscode import VSCode

SIX: tuple[type[Editor], ...] = (VSCode, Neovim, Helix, Eglot, Kate, Bare)
