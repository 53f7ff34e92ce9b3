-- Words for an action that needs some.
local M = {}

---Ask for the words of an action; an empty answer ends it.
---@param action string
---@param given fun(instruction: string)
function M.ask(action, given)
  local prompts = { ask = 'Ask: ', edit = 'Edit: ' }
  vim.ui.input({ prompt = prompts[action] or (action .. ': ') }, function(words)
    if words and vim.trim(words) ~= '' then
      given(words)
    end
  end)
end

---`streetrace.action` chosen from the menu: an empty `instruction` asks for one.
---@param command lsp.Command
---@param context { client_id: integer, bufnr: integer }
function M.from_menu(command, context)
  local server = require('streetrace.server')
  local client = assert(vim.lsp.get_client_by_id(context.client_id))
  local argument = command.arguments and command.arguments[1] or {}
  if argument.instruction ~= '' then
    server.execute(client, command.command, argument, nil, context.bufnr)
    return
  end
  M.ask(argument.action, function(words)
    local asked = vim.tbl_extend('force', argument, { instruction = words })
    server.execute(client, command.command, asked, nil, context.bufnr)
  end)
end

return M
