-- `:Streetrace trace`: how the last requests went, step by step.
local M = {}

---@param call streetrace.Call
function M.run(call)
  local server = require('streetrace.server')
  server.with_client(call.buffer, function(client)
    server.execute(client, 'streetrace.trace', vim.empty_dict(), nil, call.buffer)
  end)
end

return M
