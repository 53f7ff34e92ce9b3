-- `:Streetrace NAME …`: each command is a file of its own in the folder commands.
local M = {}

---@class streetrace.Call what was typed
---@field words string[] the words after the command's name
---@field rest string the same, as it was typed
---@field buffer integer
---@field lines? { [1]: integer, [2]: integer } rows from 0, both included, where some are meant
---@field range lsp.Range the lines, or the cursor

---@class streetrace.Command
---@field run fun(call: streetrace.Call)
---@field complete? fun(words: string[], buffer: integer): string[] after the words before the cursor

-- Actions that every project has; its own are asked for.
local ACTIONS = {
  'explain',
  'fix',
  'fix-diagnostic',
  'refactor',
  'simplify',
  'document',
  'add-types',
  'write-tests',
  'ask',
  'edit',
}

local COMMANDS = {
  'action',
  'apply',
  'cancel',
  'chat',
  'commit',
  'compare',
  'config',
  'doctor',
  'init',
  'menu',
  'model',
  'preview',
  'pull',
  'recommend',
  'review',
  'show',
  'test',
  'trace',
  'trust',
  'usage',
}

---@param typed { args: string, range: integer, line1: integer, line2: integer }
---@return streetrace.Call
local function call_of(typed)
  local window = vim.api.nvim_get_current_win()
  local buffer = vim.api.nvim_get_current_buf()
  local lines = typed.range > 0 and { typed.line1 - 1, typed.line2 - 1 } or nil
  local row = vim.api.nvim_win_get_cursor(window)[1] - 1
  return {
    words = {},
    rest = typed.args,
    buffer = buffer,
    lines = lines,
    range = {
      start = { line = lines and lines[1] or row, character = 0 },
      ['end'] = { line = lines and lines[2] + 1 or row, character = 0 },
    },
  }
end

---@param name string
---@return streetrace.Command
local function named(name)
  return require('streetrace.commands.' .. name)
end

---`:Streetrace …`
---@param typed table as |nvim_create_user_command()| gives it
function M.run(typed)
  local call = call_of(typed)
  local name, rest = typed.args:match('^(%S+)%s*(.*)$')
  if not name then
    return named('menu').run(call)
  end
  if vim.list_contains(COMMANDS, name) then
    call.rest = rest
    call.words = vim.split(rest, '%s+', { trimempty = true })
    return named(name).run(call)
  end
  -- Any other word is an action: built in, or of the configuration.
  call.rest = typed.args
  call.words = vim.split(typed.args, '%s+', { trimempty = true })
  named('action').run(call)
end

---The actions, those of the configuration as well.
---@param buffer integer
---@return string[]
function M.actions(buffer)
  local found = vim.list_extend({}, ACTIONS)
  for _, name in ipairs(require('streetrace.offered').actions(buffer)) do
    if not vim.list_contains(found, name) then
      table.insert(found, name)
    end
  end
  return found
end

---@param lead string
---@param line string
---@param at integer
---@return string[]
function M.complete(lead, line, at)
  local before = line:sub(1, at - #lead):gsub('^.-Streetrace%s*', '')
  local words = vim.split(before, '%s+', { trimempty = true })
  local buffer = vim.api.nvim_get_current_buf()
  local found = {} ---@type string[]
  if #words == 0 then
    found = vim.list_extend(M.actions(buffer), COMMANDS)
    table.sort(found)
  elseif vim.list_contains(COMMANDS, words[1]) then
    local completing = named(table.remove(words, 1)).complete
    found = completing and completing(words, buffer) or {}
  end
  return vim.tbl_filter(function(one)
    return vim.startswith(one, lead)
  end, found)
end

return M
