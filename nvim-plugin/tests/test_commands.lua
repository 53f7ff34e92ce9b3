local editors = require('editor')
local eq = MiniTest.expect.equality
local T, start = editors.set()

local function contains(list, ...)
  for _, one in ipairs({ ... }) do
    if not vim.list_contains(list, one) then
      error(('%s is not in %s'):format(one, vim.inspect(list)))
    end
  end
end

local function completed(editor, line)
  return editor:lua('return vim.fn.getcompletion(..., "cmdline")', line)
end

T['an action edits the lines'] = function()
  local editor = start()
  editor:fixed()
end

T['an action by its long name, and one of the project'] = function()
  local editor = start()
  editor:cmd('4,8Streetrace action explain')
  eq(editor:ended().state, 'answered')
  editor:page('/answers/')
  editor:cmd('4,8Streetrace haiku')
  eq(editor:ended(2).action, 'haiku')
end

T['an unknown action is said with those that there are'] = function()
  local editor = start()
  editor:cmd('Streetrace polish')
  editor:told('There is no action “polish”')
end

T['words are asked for where an action needs some, and can be typed with it'] = function()
  local editor = start()
  editor:answer('use floats')
  editor:cmd('1,12Streetrace edit')
  eq(editor:ended().state, 'applied')
  eq(editor:seen().asked, { 'Edit: ' })
  editor:cmd('4,8Streetrace ask why is this slow?')
  eq(editor:ended(2).state, 'answered')
  eq(editor:seen().asked, { 'Edit: ' })
end

T['no words: nothing is asked of a model'] = function()
  local editor = start()
  editor:cmd('1,12Streetrace ask')
  eq(editor:seen().asked, { 'Ask: ' })
  eq(editor:seen().jobs, {})
end

T['the menu offers what can be done, and asks for words'] = function()
  local editor = start()
  editor:pick('Streetrace: Edit with')
  editor:answer('use floats')
  editor:cmd('1,12Streetrace')
  eq(editor:ended().state, 'applied')
  contains(editor:seen().menus[1].titles, 'Streetrace: Fix', 'Streetrace: Haiku')
  eq(editor:text(), editors.FIXED)
end

T['a page has no server of its own: a command in it means the project'] = function()
  local editor = start()
  editor:cmd('1,12Streetrace preview fix')
  editor:page('what would be sent')
  editor:cmd('wincmd w')
  eq(editor:lua('return vim.bo.modifiable'), false)
  eq(editor:lua('return #vim.lsp.get_clients({ bufnr = 0 })'), 0)
  editor:pick('local/demo')
  editor:cmd('Streetrace model')
  editor:told('local/demo answers in this project from now on')
  eq(editor:lua('return #vim.lsp.get_clients()'), 1)
end

T['the preview shows what would be sent, and sends that'] = function()
  local editor = start()
  editor:cmd('Streetrace preview send')
  editor:told('there is no preview to send')
  editor:cmd('1,12Streetrace preview fix')
  editor:page('def total(prices)')
  editor:page('127.0.0.1')
  eq(editor:seen().jobs, {})
  editor:idle()
  editor:cmd('Streetrace preview send')
  eq(editor:ended().state, 'applied')
end

T['cancel stops what runs, and the statusline says what runs'] = function()
  local editor = start({ model = vim.env.PLUGIN_TEST_SLOW_MODEL })
  eq(editor:lua('return require("streetrace").status()'), '')
  editor:cmd('1,12Streetrace fix')
  editor:wait('require("streetrace").status() == "Streetrace: fix (demo)…"')
  editor:cmd('Streetrace cancel')
  eq(editor:ended().state, 'cancelled')
  eq(editor:lua('return require("streetrace").status()'), '')
  eq(editor:text(), editors.SOURCE)
end

T['the statusline says how many changes wait'] = function()
  local editor = start()
  editor:fixed()
  eq(editor:lua('return require("streetrace").status()'), '±2')
end

T['apply and show bring a result that was kept'] = function()
  local editor = start()
  editor:cmd('Streetrace apply')
  editor:told('There is no')
  editor:cmd('Streetrace show')
  editor:wait('#seen.said == 2')
end

T['model asks who answers, or takes a name'] = function()
  local editor = start()
  editor:pick('local/demo')
  editor:cmd('Streetrace model')
  editor:wait('#seen.menus == 1')
  eq(editor:seen().menus[1].prompt, 'Which model answers?')
  editor:told('local/demo')
  editor:cmd('Streetrace model nowhere/none')
  editor:told('nowhere')
  contains(completed(editor, 'Streetrace model '), 'local/demo', 'default')
  contains(completed(editor, 'Streetrace test '), 'local')
end

T['pages of the server open below, are read, and close with q'] = function()
  local editor = start()
  editor:fixed()
  for _, case in ipairs({
    { 'usage', 'demo' },
    { 'config', 'api_base' },
    { 'trace', 'fix' },
    { 'recommend fix', 'local/demo' },
  }) do
    editor:cmd('Streetrace ' .. case[1])
    editor:page('/answers/')
    editor:page(case[2])
    editor:cmd('wincmd b')
    eq(editor:lua('return vim.bo.modifiable'), false)
    editor.child.type_keys('q')
    eq(editor:lua('return #vim.api.nvim_list_wins()'), 1)
  end
end

T['a command works from a window without a file'] = function()
  local editor = start()
  editor:cmd('copen')
  editor:pick('local/demo')
  editor:cmd('Streetrace model')
  editor:told('local/demo')
  editor:cmd('Streetrace config')
  editor:page('# Configuration in force')
end

T['config check says what is wrong'] = function()
  local editor = start()
  editor:cmd('Streetrace config check')
  editor:told('no problems')
end

T['doctor and test ask the models'] = function()
  local editor = start()
  editor:cmd('Streetrace doctor')
  eq(editor:ended().action, 'doctor')
  editor:cmd('Streetrace test')
  editor:told('which backend?')
  editor:cmd('Streetrace test local')
  editor:ended(2)
end

T['pull has Ollama fetch a model'] = function()
  local editor = start()
  editor:cmd('Streetrace pull')
  editor:told('which model?')
  editor:cmd('Streetrace pull qwen')
  eq(editor:ended().final, true)
end

T['compare asks several models'] = function()
  local editor = start()
  editor:cmd('Streetrace compare fix local/demo')
  editor:told('for example')
  editor:cmd('1,12Streetrace compare fix local/demo local/other')
  eq(editor:ended().final, true)
end

T['init writes a first configuration, and never over another one'] = function()
  local editor = start()
  editor:cmd('Streetrace init')
  editor:wait('#seen.said > 0')
  eq(vim.fn.readfile(editor.folder .. '/.streetrace.toml')[1], 'model = "local/demo"')
end

T['commit writes a message for what is staged'] = function()
  local editor = start()
  editor:shell({ 'git', 'init', '-q' })
  editor:shell({ 'git', 'add', 'prices.py' })
  editor:cmd('Streetrace commit')
  eq(editor:ended().action, 'commit')
end

T['completion knows commands, actions of the project, and their words'] = function()
  local editor = start()
  -- A busy machine may take longer than a person waits.
  editor:wait('vim.list_contains(vim.fn.getcompletion("Streetrace hai", "cmdline"), "haiku")')
  contains(completed(editor, 'Streetrace '), 'fix', 'haiku', 'chat', 'review', 'trust')
  eq(completed(editor, 'Streetrace hai'), { 'haiku' })
  contains(completed(editor, '1,3Streetrace review '), 'next', 'diff')
  eq(completed(editor, 'Streetrace review keep f'), { 'file' })
  contains(completed(editor, 'Streetrace preview '), 'send', 'fix')
  contains(completed(editor, 'Streetrace chat '), 'new', 'send', 'fork')
  eq(completed(editor, 'Streetrace usage '), { '7d', '30d', '4w', '3m' })
end

T['mappings are there as <Plug>, and no others'] = function()
  local editor = start()
  local mapped = editor:lua([[
    return vim.tbl_map(function(map) return map.lhs end, vim.tbl_filter(function(map)
      return (map.desc or ''):find('^Streetrace') ~= nil
    end, vim.list_extend(vim.api.nvim_get_keymap('n'), vim.api.nvim_get_keymap('x'))))
  ]])
  eq(#mapped, 28)
  for _, lhs in ipairs(mapped) do
    eq(vim.startswith(lhs, '<Plug>(streetrace-'), true)
  end
  editor:lua([[vim.keymap.set('x', 'gf', '<Plug>(streetrace-fix)')]])
  editor.child.type_keys('ggVG', 'gf')
  eq(editor:ended().state, 'applied')
  eq(editor:text(), editors.FIXED)
end

return T
