-- `:Streetrace compare fix TARGET TARGET …`: what several models say, side by side.
local M = {}

---@param call streetrace.Call
function M.run(call)
  if #call.words < 3 then
    vim.notify('Streetrace: for example :Streetrace compare fix ollama/one claude/two')
    return
  end
  local action = table.remove(call.words, 1)
  local server = require('streetrace.server')
  server.with_client(call.buffer, function(client)
    local function compare(instruction)
      server.execute(client, 'streetrace.compare', {
        uri = vim.uri_from_bufnr(call.buffer),
        range = call.range,
        action = action,
        models = call.words,
        instruction = instruction,
      }, nil, call.buffer)
    end
    if action == 'ask' or action == 'edit' then
      require('streetrace.instruction').ask(action, compare)
    else
      compare()
    end
  end)
end

function M.complete(words, buffer)
  if #words == 0 then
    return require('streetrace.command').actions(buffer)
  end
  return require('streetrace.targets').names(buffer)
end

return M
