-- `:Streetrace show`: opens what was kept, or what a model wrote when nothing could be applied.
local M = {}

---@param call streetrace.Call
function M.run(call)
  local server = require('streetrace.server')
  server.with_client(call.buffer, function(client)
    server.execute(client, 'streetrace.show', vim.empty_dict(), nil, call.buffer)
  end)
end

return M
