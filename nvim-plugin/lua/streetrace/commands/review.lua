-- `:Streetrace review …`: go through the changes, keep or undo them, see them.
local M = {}

local WORDS = { 'diff', 'keep', 'list', 'next', 'previous', 'show', 'undo' }

local function row()
  return vim.api.nvim_win_get_cursor(0)[1] - 1
end

local function go_to(hunk)
  vim.cmd("normal! m'")
  local last = vim.api.nvim_buf_line_count(0)
  vim.api.nvim_win_set_cursor(0, { math.min(hunk.range.start.line + 1, last), 0 })
  vim.cmd('normal! zv')
end

-- In this buffer the next one is known; after the last one the server knows the next file.
local function go(client, call, forward)
  local here, target = row(), nil
  for _, hunk in ipairs(require('streetrace.review.marks').hunks(call.buffer)) do
    local line = hunk.range.start.line
    if forward and line > here then
      target = target or hunk
    elseif not forward and line < here then
      target = hunk
    end
  end
  if target then
    return go_to(target)
  end
  local hunks = require('streetrace.review.marks').hunks(call.buffer)
  local from = forward and hunks[#hunks] or hunks[1]
  local command = forward and 'streetrace.review.next' or 'streetrace.review.previous'
  local server = require('streetrace.server')
  local argument = { uri = server.uri(call.buffer), hunk = from and from.hunk or nil }
  server.execute(client, command, argument, nil, call.buffer)
end

-- Each undo is an edit of its own, and the next one begins when it is in.
local function one_by_one(client, buffer, command, hunks)
  local hunk = table.remove(hunks)
  if not hunk then
    return
  end
  local argument = { uri = vim.uri_from_bufnr(buffer), hunk = hunk.hunk }
  require('streetrace.server').execute(client, command, argument, function(answer)
    local function rest()
      one_by_one(client, buffer, command, hunks)
    end
    if answer and answer.job then
      require('streetrace.jobs').when_ended(answer.job, rest)
    else
      rest()
    end
  end, buffer)
end

-- All of them: of this file, or of every file; the lines' own; or the nearest.
local function decide(client, call, what)
  local marks = require('streetrace.review.marks')
  local server = require('streetrace.server')
  local command = 'streetrace.review.' .. what
  local uri = server.uri(call.buffer)
  local which = call.words[2]
  if which == 'all' then
    return server.execute(client, command, { all = true }, nil, call.buffer)
  elseif which == 'file' then
    if not uri then
      vim.notify('Streetrace: this window has no file. :Streetrace review list names them.')
      return
    end
    return server.execute(client, command, { uri = uri, all = true }, nil, call.buffer)
  elseif call.lines then
    local hunks = marks.within(call.buffer, call.lines[1], call.lines[2])
    if #hunks == 0 then
      vim.notify('Streetrace: no change waits in these lines.')
    end
    return one_by_one(client, call.buffer, command, hunks)
  end
  local nearest = marks.nearest(call.buffer, row())
  local argument = { uri = uri, hunk = nearest and nearest.hunk or nil }
  server.execute(client, command, argument, nil, call.buffer)
end

-- Everything that waits, in all files, as a quickfix list.
local function list(client, call)
  local params = { version = 1 }
  local server = require('streetrace.server')
  server.request(client, 'streetrace/review/list', params, function(answer)
    local items = {}
    for _, document in ipairs(answer.documents) do
      for _, hunk in ipairs(document.hunks) do
        local buffer, first_row = vim.uri_to_bufnr(document.uri), hunk.range.start.line
        local added = hunk.range['end'].line > first_row
        local line = vim.api.nvim_buf_get_lines(buffer, first_row, first_row + 1, false)[1]
        local first = added and (line or '') or vim.split(hunk.old, '\n')[1]
        table.insert(items, {
          filename = vim.uri_to_fname(document.uri),
          lnum = first_row + 1,
          col = 1,
          text = ('%s: %s%s'):format(hunk.title, added and '+' or '-', first),
        })
      end
    end
    if #items == 0 then
      vim.notify('Streetrace: there is nothing to review.')
      return
    end
    vim.fn.setqflist({}, ' ', { title = 'Streetrace: changes under review', items = items })
    vim.cmd.copen()
  end, call.buffer)
end

---@param call streetrace.Call
function M.run(call)
  local what = call.words[1] or 'list'
  if not vim.list_contains(WORDS, what) then
    local words = table.concat(WORDS, ', ')
    vim.notify(('Streetrace: review takes %s, not “%s”.'):format(words, what))
    return
  end
  require('streetrace.server').with_client(call.buffer, function(client)
    if what == 'next' or what == 'previous' then
      go(client, call, what == 'next')
    elseif what == 'keep' or what == 'undo' then
      decide(client, call, what)
    elseif what == 'diff' then
      require('streetrace.review.diff').toggle(client, call.buffer)
    elseif what == 'show' then
      local argument = { uri = require('streetrace.server').uri(call.buffer), all = true }
      require('streetrace.server').execute(
        client,
        'streetrace.review.show',
        call.words[2] == 'all' and { all = true } or argument,
        nil,
        call.buffer
      )
    else
      list(client, call)
    end
  end)
end

function M.complete(words)
  if #words == 0 then
    return WORDS
  elseif #words == 1 and vim.list_contains({ 'keep', 'undo', 'show' }, words[1]) then
    return words[1] == 'show' and { 'all' } or { 'all', 'file' }
  end
  return {}
end

return M
