-- `:Streetrace model [target]`: who answers from now on; without a name there is a menu.
local M = {}

local CONFIGURED = 'As the configuration says'

---@param one streetrace.Target
local function in_words(one)
  if one.problem and one.problem ~= '' then
    return ('%s (%s)'):format(one.target, one.problem)
  end
  local facts = {}
  if one.model and not vim.endswith(one.target, one.model) then
    table.insert(facts, one.model)
  end
  if type(one.window) == 'number' then
    table.insert(facts, ('%dk'):format(math.floor(one.window / 1000)))
  end
  local told = #facts > 0 and (' (%s)'):format(table.concat(facts, ', ')) or ''
  return one.target .. told .. (one.default and ', answers now' or '')
end

---@param call streetrace.Call
function M.run(call)
  local server = require('streetrace.server')
  server.with_client(call.buffer, function(client)
    local function choose(target)
      local argument = { uri = server.uri(call.buffer), target = target }
      server.execute(client, 'streetrace.model', argument, nil, call.buffer)
    end
    if call.words[1] then
      return choose(call.words[1] ~= 'default' and call.words[1] or vim.NIL)
    end
    require('streetrace.targets').list(client, call.buffer, function(targets)
      if #targets == 0 then
        vim.notify('Streetrace: no model is configured. :Streetrace init writes a first file.')
        return
      end
      local items = vim.list_extend({}, targets) --[[@as any[] ]]
      table.insert(items, CONFIGURED)
      vim.ui.select(items, {
        kind = 'streetrace.model',
        prompt = 'Which model answers?',
        format_item = function(one)
          return one == CONFIGURED and one or in_words(one)
        end,
      }, function(one)
        if one then
          choose(one == CONFIGURED and vim.NIL or one.target)
        end
      end)
    end)
  end)
end

function M.complete(words, buffer)
  if #words > 0 then
    return {}
  end
  return vim.list_extend({ 'default' }, require('streetrace.targets').names(buffer))
end

return M
