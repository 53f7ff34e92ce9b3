-- Read by vim.lsp.config, Neovim 0.11 and later, when the server is enabled. What
-- vim.lsp.config('streetrace', {…}) says in your own files goes first.
return require('streetrace.server').configuration()
