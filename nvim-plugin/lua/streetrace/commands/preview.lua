-- `:Streetrace preview fix`: exactly what an action would send, as a page. Nothing is sent; the
-- page is agreed to with `:Streetrace preview send`.
local M = {}

local newest ---@type string?

---@param call streetrace.Call
function M.run(call)
  local server = require('streetrace.server')
  if call.words[1] == 'send' then
    if not newest then
      vim.notify('Streetrace: there is no preview to send. :Streetrace preview fix makes one.')
      return
    end
    local preview = newest
    newest = nil
    server.with_client(call.buffer, function(client)
      server.execute(client, 'streetrace.action', { preview = preview }, nil, call.buffer)
    end)
    return
  end
  if #call.words == 0 then
    vim.notify('Streetrace: of which action? For example :Streetrace preview fix')
    return
  end
  require('streetrace.commands.action').start(call, 'streetrace.prompt.preview', function(answer)
    newest = answer and answer.preview or newest
  end)
end

function M.complete(words, buffer)
  if #words > 0 then
    return {}
  end
  return vim.list_extend({ 'send' }, require('streetrace.command').actions(buffer))
end

return M
