-- A chat is a Markdown document: what its buffer gets besides.
local M = {}

---@param path string
---@return boolean
function M.is_chat_path(path)
  return vim.fs.normalize(path):find('/%.streetrace/chats/[^/]+%.md$') ~= nil
end

---@param buffer integer
---@return boolean
function M.is_chat(buffer)
  return M.is_chat_path(vim.api.nvim_buf_get_name(buffer))
end

-- Buffer-local commands, and the command of the server that each of them runs.
local COMMANDS = {
  StreetraceSend = { 'send', 'ask what stands under the last “## You”' },
  StreetraceStop = { 'stop', 'end the answer' },
  StreetraceRegenerate = { 'regenerate', 'another answer in place of the last one' },
  StreetraceContinue = { 'continue', 'let the model write on' },
  StreetraceFork = { 'fork', 'a new chat with the turns up to the cursor' },
  StreetraceApply = { 'apply', 'apply the code block at the cursor' },
}

---Give a chat's buffer its commands and mappings.
---@param buffer integer
function M.equip(buffer)
  for name, command in pairs(COMMANDS) do
    vim.api.nvim_buf_create_user_command(buffer, name, function()
      require('streetrace.commands.chat').act(command[1], buffer)
    end, { desc = 'Streetrace: ' .. command[2] })
    local plug = ('<Plug>(streetrace-chat-%s)'):format(command[1])
    vim.keymap.set('n', plug, ('<Cmd>%s<CR>'):format(name), { buffer = buffer })
  end
end

return M
