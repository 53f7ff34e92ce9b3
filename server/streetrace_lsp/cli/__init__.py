"""The subcommands of streetrace-lsp."""
