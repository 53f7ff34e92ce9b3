-- The configured models, as the server lists them.
local M = {}

---@class streetrace.Target
---@field target string
---@field default boolean
---@field backend string
---@field model string
---@field window? integer
---@field problem string

---@param client vim.lsp.Client
---@param buffer integer
---@param listed fun(targets: streetrace.Target[])
function M.list(client, buffer, listed)
  local server = require('streetrace.server')
  local params = { version = 1, uri = server.uri(buffer) }
  server.request(client, 'streetrace/model/list', params, function(answer)
    listed(answer.targets)
  end, buffer)
end

-- For completion, which can't be told later.
---@param buffer integer
---@return streetrace.Target[]
local function now(buffer)
  local client = require('streetrace.server').client(buffer)
  local found = {} ---@type streetrace.Target[]
  if client then
    local done = false
    M.list(client, buffer, function(targets)
      found, done = targets, true
    end)
    vim.wait(500, function()
      return done
    end, 5)
  end
  return found
end

---@param buffer integer
---@return string[]
function M.names(buffer)
  return vim.tbl_map(function(one)
    return one.target
  end, now(buffer))
end

---@param buffer integer
---@return string[]
function M.backends(buffer)
  local names = {}
  for _, one in ipairs(now(buffer)) do
    if one.backend and not vim.list_contains(names, one.backend) then
      table.insert(names, one.backend)
    end
  end
  return names
end

return M
