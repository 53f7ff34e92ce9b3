std = 'luajit'
cache = false
max_line_length = 110
read_globals = { 'vim' }
-- Options and variables are set by writing to fields of `vim`.
globals = { 'vim.g', 'vim.b', 'vim.bo', 'vim.wo', 'vim.o', 'vim.env' }
files['tests'] = { globals = { 'vim', 'MiniTest' } }
