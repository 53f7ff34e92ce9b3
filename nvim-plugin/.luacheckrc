std = 'luajit'
cache = false
max_line_length = 110
read_globals = { 'vim' }
files['plugin'] = { globals = { 'vim' } }
-- Options and variables are set by writing to fields of `vim`.
globals = { 'vim.g', 'vim.b', 'vim.bo', 'vim.wo', 'vim.o', 'vim.ui', 'vim.notify' }
files['tests'] = { globals = { 'vim', '_G' }, read_globals = { 'MiniTest' } }
