-- What other plugins and a person's own files may call.
local M = {}

---What runs and what waits, for a statusline: `Streetrace: Fix…`, `±3`, or an empty text.
---@return string
function M.status()
  return require('streetrace.status').text()
end

return M
