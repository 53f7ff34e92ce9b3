local editors = require('editor')
local eq = MiniTest.expect.equality
local T, start = editors.set({ trust = false })

local function trusted(editor)
  return editor:shell({ 'streetrace-lsp', 'trust', '--print' }):find('is trusted', 1, true) ~= nil
end

T['the page shows what is used, and grants exactly that'] = function()
  local editor = start()
  editor:cmd('Streetrace trust')
  local page = editor:page('names models to use. Trust it?')
  eq(page:find(vim.env.PLUGIN_TEST_MODEL, 1, true) ~= nil, true)
  eq(page:find('    [actions.haiku]', 1, true) ~= nil, true)
  eq(trusted(editor), false)
  editor:cmd('StreetraceTrust')
  editor:told('Trusted: ')
  eq(trusted(editor), true)
  editor:cmd('wincmd t')
  editor:cmd('1,12Streetrace fix')
  eq(editor:ended().state, 'applied')
  eq(editor:seen().menus, {})
end

T['what has changed since is shown as a difference'] = function()
  local editor = start({ trust = true })
  local path = editor.folder .. '/.streetrace.toml'
  local text = table.concat(vim.fn.readfile(path), '\n'):gsub('A haiku', 'Two haikus')
  editors.write(path, text .. '\n')
  editor:cmd('Streetrace trust')
  local page = editor:page('Changed since you trusted it:')
  eq(page:find('+ actions.haiku.prompt = "Two haikus', 1, true) ~= nil, true)
end

T['a file that changes while the page is read is not trusted'] = function()
  local editor = start()
  editor:cmd('Streetrace trust')
  editor:page('names models to use')
  editors.write(editor.folder .. '/.streetrace.toml', 'model = "openai/gpt-5"\n')
  editor:cmd('StreetraceTrust')
  editor:wait('#seen.said == 1')
  eq(trusted(editor), false)
end

T['only that buffer can grant'] = function()
  local editor = start()
  eq(editor:lua('return vim.fn.exists(":StreetraceTrust")'), 0)
  editor:cmd('Streetrace trust')
  editor:page('names models to use')
  eq(editor:lua('return vim.fn.exists(":StreetraceTrust")'), 2)
  editor.child.type_keys('q')
  eq(editor:lua('return vim.fn.exists(":StreetraceTrust")'), 0)
  eq(trusted(editor), false)
end

T['never refuses the file for good'] = function()
  local editor = start()
  editor:cmd('Streetrace trust')
  editor:page('names models to use')
  editor:cmd('StreetraceNever')
  editor:wait('#seen.said == 1')
  editor:cmd('1,12Streetrace fix')
  eq(editor:ended().state, 'refused')
end

T['the question of an action is shown whole, and answered from a menu'] = function()
  local editor = start()
  editor:pick('Trust')
  editor:cmd('1,12Streetrace fix')
  eq(editor:ended().state, 'applied')
  local menu = editor:seen().menus[1]
  eq(menu.titles, { 'Trust', 'Not now', 'Never' })
  eq(menu.prompt:find('\n', 1, true), nil)
  eq(editor:lua('return #vim.api.nvim_list_wins()'), 1)
end

T['a question that does not fit above the menu is in the menu, whole'] = function()
  local editor = start()
  editor:lua('vim.o.lines = 18')
  editor:pick('Not now')
  editor:cmd('1,12Streetrace fix')
  eq(editor:ended().state, 'refused')
  local prompt = editor:seen().menus[1].prompt
  eq(prompt:find('\nYou allow:\n', 1, true) ~= nil, true)
end

T['words of a shell are read as it reads them'] = function()
  local editor = start({ open = false })
  local line = [[streetrace-lsp trust '/my shop/it'"'"'s/.streetrace.toml' --sha256 ab]]
  eq(editor:lua('return require("streetrace.command_line").split(...)', line), {
    'streetrace-lsp',
    'trust',
    "/my shop/it's/.streetrace.toml",
    '--sha256',
    'ab',
  })
end

T['no file, nothing to trust'] = function()
  local editor = start()
  vim.fn.delete(editor.folder .. '/.streetrace.toml')
  editor:cmd('Streetrace trust')
  editor:told('has no .streetrace.toml')
end

return T
