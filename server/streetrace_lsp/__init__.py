"""Streetrace LSP: the model your project names, in any LSP editor."""

__version__ = "0.1.0"
