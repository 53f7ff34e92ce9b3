-- `:Streetrace fix`, `:Streetrace ask why?`, `:Streetrace action NAME …`: an action on the lines.
local M = {}

-- These can't do without words.
local WORDS = { ask = true, edit = true }

-- What is reported about the lines, for actions that use it.
local function reported(buffer, range)
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    local touched = one.lnum <= math.max(range['end'].line - 1, range.start.line)
      and one.end_lnum >= range.start.line
    if touched and one.source ~= 'streetrace' then
      table.insert(found, ('line %d: %s'):format(one.lnum + 1, one.message))
    end
  end
  return #found > 0 and found or nil
end

---Start an action, or show what it would send. Words that are missing are asked for.
---@param call streetrace.Call its first word is the action
---@param command string of the server
---@param answered? fun(result: any)
function M.start(call, command, answered)
  local action, instruction = call.rest:match('^(%S+)%s*(.*)$')
  if not action then
    return require('streetrace.commands.menu').run(call)
  end
  local function start(words)
    local server = require('streetrace.server')
    server.with_client(call.buffer, function(client)
      server.execute(client, command, {
        uri = vim.uri_from_bufnr(call.buffer),
        range = call.range,
        action = action,
        instruction = words ~= '' and words or nil,
        diagnostics = reported(call.buffer, call.range),
      }, answered, call.buffer)
    end)
  end
  if instruction == '' and WORDS[action] then
    return require('streetrace.instruction').ask(action, start)
  end
  start(instruction)
end

---@param call streetrace.Call
function M.run(call)
  M.start(call, 'streetrace.action')
end

function M.complete(words, buffer)
  return #words == 0 and require('streetrace.command').actions(buffer) or {}
end

return M
