-- `:Streetrace trust`: what the project's .streetrace.toml would use, and what has changed since it
-- was trusted. It is agreed to from that page alone, so only what was shown is agreed to.
local M = {}

local AGREE = 'To agree, run: '

local function say(ended)
  local said = vim.trim(ended.stdout .. ended.stderr)
  vim.notify('Streetrace: ' .. said, ended.code == 0 and vim.log.levels.INFO or vim.log.levels.WARN)
end

---@param path string
---@param shown vim.SystemCompleted
local function open(path, shown)
  local agree ---@type string[]?
  local lines = {}
  for _, line in ipairs(vim.split(vim.trim(shown.stdout .. shown.stderr), '\n')) do
    if vim.startswith(line, AGREE) then
      -- The digest of what is shown stands in it: a file that changes meanwhile is not trusted.
      agree = require('streetrace.command_line').split(line:sub(#AGREE + 1))
      table.remove(agree, 1)
    elseif not vim.startswith(line, 'sha256: ') then
      table.insert(lines, line)
    end
  end
  while lines[#lines] == '' do
    table.remove(lines)
  end
  local how = agree
      and ':StreetraceTrust trusts it as it is shown, :StreetraceNever refuses it, q closes.'
    or 'There is nothing to agree to. q closes.'
  vim.list_extend(lines, { '', how, '', 'The file:', '' })
  local file = io.open(path)
  if file then
    for line in file:lines() do
      table.insert(lines, '    ' .. line)
    end
    file:close()
  end
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].syntax = 'diff'
  vim.api.nvim_buf_set_name(buffer, 'streetrace://trust/' .. buffer)
  vim.cmd(('botright sbuffer %d'):format(buffer))
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, desc = 'Close this page' })

  local function answer(name, arguments, desc)
    vim.api.nvim_buf_create_user_command(buffer, name, function()
      require('streetrace.command_line').run(arguments, vim.fs.dirname(path), say)
      vim.api.nvim_buf_delete(buffer, { force = true })
    end, { desc = desc })
  end
  if agree then
    answer('StreetraceTrust', agree, 'Trust this file as it is shown')
    answer('StreetraceNever', { 'trust', path, '--deny' }, 'Never trust this file')
  end
end

---@param call streetrace.Call
function M.run(call)
  local name = vim.api.nvim_buf_get_name(call.buffer)
  local folder = name ~= '' and vim.fs.dirname(name) or vim.fn.getcwd()
  local path = vim.fs.find('.streetrace.toml', { path = folder, upward = true })[1]
  if not path then
    vim.notify('Streetrace: this project has no .streetrace.toml, so there is nothing to trust.')
    return
  end
  local arguments = { 'trust', '--print', path }
  local started = require('streetrace.command_line').run(
    arguments,
    vim.fs.dirname(path),
    function(shown)
      open(path, shown)
    end
  )
  if not started then
    vim.notify(
      'Streetrace: streetrace-lsp was not found. :checkhealth streetrace says more.',
      vim.log.levels.WARN
    )
  end
end

return M
