local editors = require('editor')
local eq = MiniTest.expect.equality
local T, start = editors.set()

local LOADED = [[
  local ours = vim.tbl_filter(function(name)
    return vim.startswith(name, 'streetrace')
  end, vim.tbl_keys(package.loaded))
  table.sort(ours)
  return ours
]]

T['nothing is loaded before the first file'] = function()
  local editor = start({ plugin = false, open = false })
  local here = vim.fs.dirname(vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2)))
  editor:lua('vim.opt.runtimepath:prepend(...) vim.cmd.runtime("plugin/streetrace.lua")', here)
  eq(editor:lua('return vim.fn.exists(":Streetrace")'), 2)
  eq(editor:lua('vim.wait(50) ' .. LOADED), {})
  eq(editor:lua('return #vim.lsp.get_clients()'), 0)
  editor:open(editor.source)
  eq(#editor:lua(LOADED) > 0, true)
end

T['the server runs for the project of the file'] = function()
  local editor = start()
  local client = editor:lua([[
    local client = vim.lsp.get_clients({ bufnr = 0 })[1]
    return { client.name, client.config.root_dir or client.root_dir }
  ]])
  eq(client, { 'streetrace', vim.uv.fs_realpath(editor.folder) })
end

T['autostart = false: the first command starts it'] = function()
  local editor = start({ settings = '{ autostart = false }', open = false })
  editor:cmd('edit ' .. editor.source)
  eq(editor:lua('vim.wait(200) return #vim.lsp.get_clients()'), 0)
  editor:cmd('1,12Streetrace fix')
  eq(editor:ended().state, 'applied')
end

T['only in the filetypes that are named'] = function()
  local editor = start({ settings = "{ filetypes = { 'python' } }" })
  editors.write(editor.folder .. '/notes.md', '# Notes\n')
  editor:cmd('silent! edit ' .. editor.folder .. '/notes.md')
  eq(editor:lua('vim.wait(200) return #vim.lsp.get_clients({ bufnr = 0 })'), 0)
end

T['a server that is not there is said once, with the next step'] = function()
  local editor = start({ path = '/nowhere', trust = false, open = false })
  editor:cmd('edit ' .. editor.source)
  editor:told('streetrace-lsp was not found. :checkhealth streetrace')
  editor:cmd('enew')
  editor:cmd('Streetrace fix')
  eq(#editor:seen().said, 2)
end

-- A streetrace-lsp in a folder, which is the real one.
local function linked(folder)
  vim.fn.mkdir(folder, 'p')
  assert(vim.uv.fs_symlink(vim.fn.exepath('streetrace-lsp'), folder .. '/streetrace-lsp'))
end

local function found(editor)
  return editor:lua([[
    local found = require('streetrace.executable').find(vim.fn.getcwd())
    return { found.command and found.command[1] or '', found.source }
  ]])
end

T['it is found by setting, in the active environment and on the PATH'] = function()
  local editor = start({ open = false })
  eq(found(editor)[2], 'PATH')
  linked(editor.home .. '/env/bin')
  editor:lua('vim.env.VIRTUAL_ENV = ...', editor.home .. '/env')
  eq(found(editor), { editor.home .. '/env/bin/streetrace-lsp', 'the active environment' })
  linked(editor.home .. '/own')
  editor:lua('vim.g.streetrace = { cmd = { ... } }', editor.home .. '/own/streetrace-lsp')
  eq(found(editor), { editor.home .. '/own/streetrace-lsp', 'cmd of vim.g.streetrace' })
end

T["a program of the project's own is used only where a person says so"] = function()
  local editor = start({ open = false })
  linked(editor.folder .. '/.venv/bin')
  eq(found(editor)[2], 'PATH')
  editor:lua('vim.g.streetrace = { project_environment = true }')
  eq(found(editor)[2], "the project's .venv")
end

T['mistakes in vim.g.streetrace are said once and left out'] = function()
  local editor = start({
    settings = "{ autostart = 'yes', colour = 1, review = { sign = 7 }, windows = { chat = 'up' } }",
  })
  local problems = editor:lua([[
    local config, problems = require('streetrace.config').read()
    return { problems, config.autostart, config.review.sign, config.windows.chat }
  ]])
  eq(problems[1], {
    'autostart: takes true or false.',
    'colour: there is no such setting. There are: autostart, cmd, filetypes, progress, '
      .. 'project_environment, review, root_markers, settings, windows.',
    'review.sign: takes a text of at most two cells.',
    'windows.chat: takes one or more of vertical, horizontal, aboveleft, belowright, topleft, '
      .. 'botright, tab, current, system.',
  })
  eq({ problems[2], problems[3], problems[4] }, { true, '▎', 'botright vertical' })
  editor:told('vim.g.streetrace autostart: takes true or false.')
end

T['settings reach the server, as of a person'] = function()
  local editor = start({ settings = '{ settings = { temperature = 0.25 } }' })
  editor:cmd('Streetrace config')
  local page = editor:page('# Configuration in force')
  eq(page:match('`defaults.temperature` | `0.25` | ([^|]+) |') ~= nil, true)
end

T['a server that ends takes its marks along'] = function()
  local editor = start()
  editor:fixed()
  editor:lua('vim.uv.kill(vim.fn.system("pgrep -P " .. vim.fn.getpid()):match("%d+") + 0, 9)')
  editor:wait("#require('streetrace.review.marks').hunks(0) == 0")
  eq(editor:text(), editors.FIXED)
end

T['help tags build, and lead to their places'] = function()
  local editor = start({ open = false })
  local here = vim.fs.dirname(vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2)))
  local copy = editor.home .. '/copy'
  editors.write(
    copy .. '/doc/streetrace.txt',
    table.concat(vim.fn.readfile(here .. '/doc/streetrace.txt'), '\n') .. '\n'
  )
  editor:cmd('helptags ' .. copy .. '/doc')
  editor:lua('vim.opt.runtimepath:prepend(...)', copy)
  for _, tag in ipairs({
    'streetrace',
    'streetrace.txt',
    ':Streetrace',
    'streetrace-settings',
    'streetrace-server',
  }) do
    -- The Neovim of these tests comes without the parser for the colours of help.
    editor:cmd('silent! help ' .. tag)
    eq(editor:lua('return vim.fs.basename(vim.api.nvim_buf_get_name(0))'), 'streetrace.txt')
  end
end

T['every command is in the help and in the page'] = function()
  local here = vim.fs.dirname(vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2)))
  local help = table.concat(vim.fn.readfile(here .. '/doc/streetrace.txt'), '\n')
  local files = vim.fn.glob(here .. '/lua/streetrace/commands/*.lua', true, true)
  eq(#files, 20)
  for _, file in ipairs(files) do
    local name = vim.fn.fnamemodify(file, ':t:r')
    local tag = ('*:Streetrace-%s*'):format(name)
    eq({ name, help:find(tag, 1, true) ~= nil }, { name, true })
  end
end

return T
