local editors = require('editor')
local eq = MiniTest.expect.equality
local T, start = editors.set()

local MARKS = [[
  local namespace = vim.api.nvim_get_namespaces()['streetrace.review']
  local marks = vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })
]]

-- Rows of changed lines, and the removed lines by the row that they stand above.
local function drawn(editor)
  return editor:lua(MARKS .. [[
    local found = { changed = {}, removed = {}, labels = {}, signs = {} }
    for _, mark in ipairs(marks) do
      local details = mark[4]
      if details.hl_group == 'StreetraceAdded' then
        table.insert(found.changed, mark[2])
      elseif details.sign_text then
        table.insert(found.signs, { mark[2], details.end_row or mark[2] })
      elseif details.virt_lines then
        for _, line in ipairs(details.virt_lines) do
          table.insert(found.removed, { mark[2], vim.trim(line[1][1]) })
        end
      elseif details.virt_text then
        table.insert(found.labels, vim.trim(details.virt_text[1][1]))
      end
    end
    return found
  ]])
end

T['changes are marked, and removed lines stand above them'] = function()
  local editor = start()
  editor:fixed()
  eq(drawn(editor), {
    changed = { 4, 11 },
    removed = { { 4, 'result = 0' } },
    labels = { 'Fix 1/2', 'Fix 2/2' },
    signs = { { 4, 4 }, { 11, 11 } },
  })
end

T['marks follow what is typed above them and in them'] = function()
  local editor = start()
  editor:fixed()
  editor.child.type_keys('gg', 'O', '# mine', '<Esc>')
  editor:wait("require('streetrace.review.marks').hunks(0)[1].range.start.line == 5")
  editor.child.type_keys('6G', 'A', '  # zero', '<Esc>')
  editor:wait("require('streetrace.review.marks').hunks(0)[1].state == 'edited'")
  eq(drawn(editor).labels, { 'Fix 1/2, edited by you', 'Fix 2/2' })
end

T['next and previous go from change to change'] = function()
  local editor = start()
  editor:fixed()
  local function row()
    return editor:lua('return vim.fn.line(".")')
  end
  editor:cmd('normal! gg')
  editor:cmd('Streetrace review next')
  eq(row(), 5)
  editor:cmd('Streetrace review next')
  eq(row(), 12)
  editor:cmd('Streetrace review previous')
  eq(row(), 5)
  -- Round the end, which the server knows.
  editor:cmd('Streetrace review previous')
  editor:wait('vim.fn.line(".") == 12')
end

T['keep takes the mark away and leaves the text'] = function()
  local editor = start()
  editor:fixed()
  editor:cmd('5')
  editor:cmd('Streetrace review keep')
  editor:wait("#require('streetrace.review.marks').hunks(0) == 1")
  eq(drawn(editor).changed, { 11 })
  eq(editor:text(), editors.FIXED)
end

T['undo puts the old lines back'] = function()
  local editor = start()
  editor:fixed()
  editor:cmd('12')
  editor:cmd('Streetrace review undo')
  eq(editor:ended(2).state, 'applied')
  eq(editor:text(), (editors.FIXED:gsub('    """The mean[^\n]*\n', '')))
  editor:wait("#require('streetrace.review.marks').hunks(0) == 1")
end

T['a range undoes each change in it'] = function()
  local editor = start()
  editor:fixed()
  editor:cmd('1,13Streetrace review undo')
  editor:ended(3)
  eq(editor:text(), editors.SOURCE)
  editor:wait("#require('streetrace.review.marks').hunks(0) == 0")
end

T['all of the file at once, and the undo of Neovim brings them back'] = function()
  local editor = start()
  editor:fixed()
  editor:cmd('Streetrace review undo file')
  eq(editor:ended(2).state, 'applied')
  eq(editor:text(), editors.SOURCE)
  editor:wait("#require('streetrace.review.marks').hunks(0) == 0")
  editor:cmd('undo')
  editor:wait("#require('streetrace.review.marks').hunks(0) == 2")
  editor:cmd('Streetrace review keep all')
  editor:wait("#require('streetrace.review.marks').hunks(0) == 0")
  eq(editor:text(), editors.FIXED)
end

T['the diff shows the text before beside the text now, and closes again'] = function()
  local editor = start()
  editor:fixed()
  editor:cmd('Streetrace review diff')
  editor:wait('#vim.api.nvim_list_wins() == 2')
  local shown = editor:lua([[
    return vim.tbl_map(function(window)
      local buffer = vim.api.nvim_win_get_buf(window)
      local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
      return { table.concat(lines, '\n') .. '\n', vim.wo[window].diff }
    end, vim.api.nvim_tabpage_list_wins(0))
  ]])
  eq(shown, { { editors.SOURCE, true }, { editors.FIXED, true } })
  editor:cmd('Streetrace review diff')
  editor:wait('#vim.api.nvim_list_wins() == 1')
  eq(editor:lua('return vim.wo.diff'), false)
end

T['the list names every change'] = function()
  local editor = start()
  editor:fixed()
  editor:cmd('Streetrace review')
  editor:wait('#vim.fn.getqflist() == 2')
  local items = editor:lua([[
    return vim.tbl_map(function(one) return { one.lnum, one.text } end, vim.fn.getqflist())
  ]])
  eq(items, {
    { 5, 'Fix: +    result = 0.0' },
    { 12, 'Fix: +    """The mean, “€” and all."""' },
  })
end

T['from the list nothing but what is named is undone'] = function()
  local editor = start()
  editor:fixed()
  editor:cmd('Streetrace review list')
  editor:wait('vim.bo.filetype == "qf"')
  editor:cmd('Streetrace review undo file')
  editor:told('this window has no file')
  editor:cmd('Streetrace review next')
  editor:wait('vim.fs.basename(vim.api.nvim_buf_get_name(0)) == "prices.py"')
  eq(editor:text(), editors.FIXED)
  editor:cmd('edit ' .. editor.folder .. '/other.txt')
  editor:cmd('wincmd b')
  editor:cmd('Streetrace review next')
  editor:wait('vim.fs.basename(vim.api.nvim_buf_get_name(0)) == "prices.py"')
  eq(editor:lua('return vim.fn.getwininfo(vim.fn.win_getid(vim.fn.winnr("$")))[1].quickfix'), 1)
end

T['show opens the changes as a page'] = function()
  local editor = start()
  editor:fixed()
  editor:cmd('Streetrace review show')
  local page = editor:page('```diff')
  eq(page:find('-    result = 0\n+    result = 0.0', 1, true) ~= nil, true)
end

T['what waits is marked again after a restart'] = function()
  local editor = start()
  editor:fixed()
  editor:cmd('write')
  editor:lua([[
    for _, client in ipairs(vim.lsp.get_clients()) do
      vim.lsp.stop_client(client.id)
    end
  ]])
  editor:wait('#vim.lsp.get_clients() == 0')
  editor:wait("#require('streetrace.review.marks').hunks(0) == 0")
  editor:open(editor.source)
  editor:wait("#require('streetrace.review.marks').hunks(0) == 2")
end

T['code lenses only where a person wants them'] = function()
  local LENSES = [[vim.tbl_map(function(lens)
    return lens.command and lens.command.title or (lens.lens.command or {}).title
  end, vim.lsp.codelens.get(vim.fn.has('nvim-0.12') == 1 and { bufnr = 0 } or 0))]]
  local editor = start({ settings = '{ review = { code_lens = true } }' })
  editor:fixed()
  editor:cmd('doautocmd InsertLeave')
  editor:wait(('#%s == 4'):format(LENSES))
  eq(editor:lua('return ' .. LENSES), { 'Keep', 'Undo', 'Keep', 'Undo' })
end

T['without removed lines, signs and labels where a person wants none'] = function()
  local editor = start({
    settings = "{ review = { removed_lines = false, sign = '', labels = false } }",
  })
  editor:fixed()
  eq(drawn(editor), { changed = { 4, 11 }, removed = {}, labels = {}, signs = {} })
end

T['nothing waits: it is said'] = function()
  local editor = start()
  editor:cmd('Streetrace review')
  editor:told('there is nothing to review')
  editor:cmd('Streetrace review keep')
  editor:told('There is nothing to review')
  editor:cmd('Streetrace review sideways')
  editor:told('review takes diff, keep, list, next, previous, show, undo, not “sideways”')
end

return T
