"""The language server: the only room that speaks LSP."""
