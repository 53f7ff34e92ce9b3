-- The version of this plugin, and whether the server is as new.
local M = {}

M.OWN = '0.1.0'

---What to say where the server is older than the plugin. Where it is newer, the server says so.
---@param theirs string? # the server's version, as it says itself
---@return string?
function M.advice(theirs)
  local parsed = vim.version.parse(theirs or '', { strict = false })
  if parsed and not vim.version.lt({ parsed.major, parsed.minor, parsed.patch }, M.OWN) then
    return nil
  end
  return ('the server (%s) is older than the plugin (%s). Update the server: %s'):format(
    theirs or 'of no version',
    M.OWN,
    'until then it may lack what the plugin asks of it.'
  )
end

return M
