-- The changes under review in a buffer: their lines marked, what they removed as virtual lines.
local M = {}

local namespace = vim.api.nvim_create_namespace('streetrace.review')
-- How long typing rests before the places are asked for again, in milliseconds.
local RESTED = 150

---@class streetrace.Hunk
---@field hunk string
---@field proposal string
---@field title string
---@field state 'open'|'edited'
---@field range lsp.Range
---@field old string
---@field doubt string

---@type table<integer, streetrace.Hunk[]>
local known = {}
local timer = assert(vim.uv.new_timer())

vim.api.nvim_set_hl(0, 'StreetraceAdded', { link = 'DiffAdd', default = true })
vim.api.nvim_set_hl(0, 'StreetraceRemoved', { link = 'DiffDelete', default = true })
vim.api.nvim_set_hl(0, 'StreetraceSign', { link = 'Added', default = true })
vim.api.nvim_set_hl(0, 'StreetraceLabel', { link = 'Comment', default = true })

local function lines_of(text)
  local lines = vim.split(text, '\r?\n')
  if lines[#lines] == '' then
    table.remove(lines)
  end
  return lines
end

-- Tabs of virtual lines are not widened by Neovim, and a highlight ends with the text.
local function virtual(buffer, text)
  local spaces = (' '):rep(vim.bo[buffer].tabstop)
  local width = vim.o.columns
  return vim.tbl_map(function(line)
    local shown = line:gsub('\t', spaces)
    local rest = math.max(width - vim.fn.strdisplaywidth(shown), 0)
    return { { shown .. (' '):rep(rest), 'StreetraceRemoved' } }
  end, lines_of(text))
end

---Rows from 0 of the lines that a hunk has now, and the row after them.
---@param hunk streetrace.Hunk
---@param count integer
local function rows(hunk, count)
  local first, last = hunk.range.start.line, hunk.range['end'].line
  if hunk.range['end'].character > 0 then
    last = last + 1
  end
  return math.min(first, count), math.min(last, count)
end

local function draw_hunk(buffer, hunk, number, total, config)
  local count = vim.api.nvim_buf_line_count(buffer)
  local first, after = rows(hunk, count)
  local function mark(row, options)
    options.strict = false
    vim.api.nvim_buf_set_extmark(buffer, namespace, row, 0, options)
  end
  for row = first, after - 1 do
    mark(row, {
      end_row = row + 1,
      hl_group = 'StreetraceAdded',
      hl_eol = true,
      priority = 90,
    })
    -- A sign of a mark that ends on the next line would stand there, too.
    if config.sign ~= '' then
      mark(row, { sign_text = config.sign, sign_hl_group = 'StreetraceSign' })
    end
  end
  local at = math.min(first, count - 1)
  -- Beside a diff they would only be in the way.
  if config.removed_lines and hunk.old ~= '' and not vim.b[buffer].streetrace_diff then
    mark(at, {
      virt_lines = virtual(buffer, hunk.old),
      -- What was removed at the end of the text is shown below its last line.
      virt_lines_above = first < count,
    })
  end
  if config.labels then
    local label = (' %s %d/%d'):format(hunk.title, number, total)
    if hunk.doubt ~= '' then
      label = label .. ": can't be undone for you, because " .. hunk.doubt
    elseif hunk.state == 'edited' then
      label = label .. ', edited by you'
    end
    mark(at, {
      virt_text = { { label, 'StreetraceLabel' } },
      virt_text_pos = 'eol',
      hl_mode = 'combine',
    })
  end
end

-- Neovim does not scroll to virtual lines above the first line by itself.
local function reveal_top(buffer, hunks)
  local first = hunks[1]
  if not first or first.range.start.line > 0 or first.old == '' then
    return
  end
  for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
    vim.api.nvim_win_call(window, function()
      if vim.fn.line('w0') == 1 then
        vim.fn.winrestview({ topline = 1, topfill = #lines_of(first.old) })
      end
    end)
  end
end

---@param buffer integer
---@param hunks streetrace.Hunk[]
local function draw(buffer, hunks)
  known[buffer] = #hunks > 0 and hunks or nil
  vim.b[buffer].streetrace_hunks = #hunks
  vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
  local config = require('streetrace.config').get().review
  for number, hunk in ipairs(hunks) do
    draw_hunk(buffer, hunk, number, #hunks, config)
  end
  if config.removed_lines and not vim.b[buffer].streetrace_diff then
    reveal_top(buffer, hunks)
  end
  require('streetrace.status').redraw()
end

---Draw the marks of a buffer anew.
---@param buffer integer
function M.redraw(buffer)
  if known[buffer] then
    draw(buffer, known[buffer])
  end
end

---Ask the server what waits, and show it in the buffers that are loaded.
---@param client vim.lsp.Client
function M.refresh(client)
  local ticks = {} ---@type table<integer, integer>
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    ticks[buffer] = vim.api.nvim_buf_get_changedtick(buffer)
  end
  local params = { version = 1 }
  require('streetrace.server').request(client, 'streetrace/review/list', params, function(answer)
    local waiting = {} ---@type table<integer, streetrace.Hunk[]>
    for buffer in pairs(known) do
      waiting[buffer] = {}
    end
    for _, document in ipairs(answer.documents) do
      waiting[vim.uri_to_bufnr(document.uri)] = document.hunks
    end
    for buffer, hunks in pairs(waiting) do
      if not vim.api.nvim_buf_is_loaded(buffer) then
        known[buffer] = nil
      elseif ticks[buffer] == vim.api.nvim_buf_get_changedtick(buffer) then
        draw(buffer, hunks)
      else
        -- It was typed meanwhile: these are the places of an older text.
        M.later(client)
      end
    end
  end)
end

---Refresh once nothing is typed for a moment.
---@param client vim.lsp.Client
function M.later(client)
  timer:start(
    RESTED,
    0,
    vim.schedule_wrap(function()
      if not client:is_stopped() then
        M.refresh(client)
      end
    end)
  )
end

---Follow what is typed in a buffer, while something waits in it.
---@param client vim.lsp.Client
---@param buffer integer
function M.attach(client, buffer)
  local group = vim.api.nvim_create_augroup('streetrace.review.' .. buffer, {})
  vim.api.nvim_create_autocmd({ 'TextChanged', 'TextChangedI' }, {
    buffer = buffer,
    group = group,
    callback = function()
      if known[buffer] then
        M.later(client)
      end
    end,
  })
  -- In another window the removed lines above the first one have to be scrolled to anew.
  vim.api.nvim_create_autocmd('BufWinEnter', {
    buffer = buffer,
    group = group,
    callback = function()
      M.redraw(buffer)
    end,
  })
end

---The changes that wait in a buffer, from the top down.
---@param buffer integer 0 for the one in front
---@return streetrace.Hunk[]
function M.hunks(buffer)
  return known[buffer == 0 and vim.api.nvim_get_current_buf() or buffer] or {}
end

---The hunk at a row from 0, or the nearest one. Of those in one place, the newest edit's.
---@param buffer integer
---@param row integer
---@return streetrace.Hunk?
function M.nearest(buffer, row)
  local best, distance
  for _, hunk in ipairs(M.hunks(buffer)) do
    local first, after = rows(hunk, vim.api.nvim_buf_line_count(buffer))
    local away = math.max(first - row, row - math.max(after - 1, first), 0)
    if not distance or away <= distance then
      if not distance or away < distance or away == 0 then
        best, distance = hunk, away
      end
    end
  end
  return best
end

---The hunks that touch the rows from `first` to `last`, from 0.
---@param buffer integer
---@param first integer
---@param last integer
---@return streetrace.Hunk[]
function M.within(buffer, first, last)
  local count = vim.api.nvim_buf_line_count(buffer)
  return vim.tbl_filter(function(hunk)
    local from, after = rows(hunk, count)
    return from <= last and math.max(after - 1, from) >= first
  end, M.hunks(buffer))
end

---The server ended: nothing can be kept or undone.
function M.clear()
  for buffer in pairs(known) do
    if vim.api.nvim_buf_is_valid(buffer) then
      draw(buffer, {})
    end
  end
  known = {}
end

return M
