-- What the server offers at a place, asked as the menu asks: the one source of what can be done.
local M = {}

-- Completion waits so long for it, in milliseconds.
local WAIT = 1000

---@param buffer integer
---@param range lsp.Range
local function params_of(buffer, range)
  return {
    textDocument = { uri = vim.uri_from_bufnr(buffer) },
    range = range,
    context = { diagnostics = {}, triggerKind = 1 },
  }
end

---The names of the actions that suit a buffer.
---@param buffer integer
---@return string[]
function M.actions(buffer)
  if not require('streetrace.server').client(buffer) then
    return {}
  end
  local whole = {
    start = { line = 0, character = 0 },
    ['end'] = { line = vim.api.nvim_buf_line_count(buffer), character = 0 },
  }
  local answers = vim.lsp.buf_request_sync(
    buffer,
    'textDocument/codeAction',
    params_of(buffer, whole),
    WAIT
  ) or {}
  local names = {}
  for id, answer in pairs(answers) do
    local client = vim.lsp.get_client_by_id(id)
    if client and client.name == require('streetrace.server').NAME then
      for _, action in ipairs(answer.result or {}) do
        local command = type(action.command) == 'table' and action.command or action
        local argument = command.arguments and command.arguments[1] or {}
        if command.command == 'streetrace.action' and argument.action then
          table.insert(names, argument.action)
        end
      end
    end
  end
  return names
end

---Run the command that is offered at the cursor, with the argument that it is offered with.
---@param client vim.lsp.Client
---@param buffer integer
---@param command string
---@param otherwise fun() where it is not offered
function M.run(client, buffer, command, otherwise)
  local row = vim.api.nvim_win_get_cursor(0)[1] - 1
  local here = { line = row, character = 0 }
  local params = params_of(buffer, { start = here, ['end'] = here })
  local server = require('streetrace.server')
  server.request(client, 'textDocument/codeAction', params, function(actions)
    for _, action in ipairs(actions or {}) do
      local offered = type(action.command) == 'table' and action.command or action
      if offered.command == command then
        return server.execute(client, command, offered.arguments[1], nil, buffer)
      end
    end
    otherwise()
  end, buffer)
end

return M
