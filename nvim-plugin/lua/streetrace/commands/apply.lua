-- `:Streetrace apply`: the newest result that was kept comes into its document.
local M = {}

---@param call streetrace.Call
function M.run(call)
  local server = require('streetrace.server')
  server.with_client(call.buffer, function(client)
    server.execute(client, 'streetrace.apply', vim.empty_dict(), nil, call.buffer)
  end)
end

return M
