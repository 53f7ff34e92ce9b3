-- The command, the mappings, and the moment to start the server. Nothing of lua/streetrace is
-- loaded here: the first file, command or mapping does that.
if vim.g.loaded_streetrace then
  return
end
vim.g.loaded_streetrace = true

if vim.fn.has('nvim-0.10.4') == 0 then
  vim.api.nvim_create_user_command('Streetrace', function()
    vim.notify('Streetrace needs Neovim 0.10.4 or later.', vim.log.levels.ERROR)
  end, { nargs = '*', range = true })
  return
end

vim.api.nvim_create_user_command('Streetrace', function(typed)
  require('streetrace.command').run(typed)
end, {
  nargs = '*',
  range = true,
  complete = function(lead, line, at)
    return require('streetrace.command').complete(lead, line, at)
  end,
  desc = 'Streetrace: act on the lines, chat, review, models and more',
})

-- <Plug>(streetrace-fix) and so on; in visual mode they mean the selected lines.
for name, command in pairs({
  menu = '',
  fix = 'fix',
  explain = 'explain',
  ask = 'ask',
  edit = 'edit',
  chat = 'chat',
  cancel = 'cancel',
  model = 'model',
  preview = 'preview',
  keep = 'review keep',
  undo = 'review undo',
  next = 'review next',
  previous = 'review previous',
  diff = 'review diff',
}) do
  local plug = ('<Plug>(streetrace-%s)'):format(name)
  local desc = 'Streetrace: ' .. (command == '' and 'choose an action' or command)
  vim.keymap.set('n', plug, ('<Cmd>Streetrace %s<CR>'):format(command), { desc = desc })
  vim.keymap.set('x', plug, (':Streetrace %s<CR>'):format(command), { desc = desc, silent = true })
end

-- Once Neovim has started, and the file is on the screen.
local function start()
  local function soon()
    vim.schedule(function()
      require('streetrace.server').autostart()
    end)
  end
  if vim.v.vim_did_enter == 1 then
    soon()
  else
    vim.api.nvim_create_autocmd('VimEnter', { once = true, callback = soon })
  end
end

local function is_file(buffer)
  return vim.bo[buffer].buftype == '' and vim.bo[buffer].filetype ~= ''
end

-- A plugin loader may come after the first file.
for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
  if is_file(buffer) then
    return start()
  end
end
vim.api.nvim_create_autocmd('FileType', {
  group = vim.api.nvim_create_augroup('streetrace.start', {}),
  callback = function(event)
    if is_file(event.buf) then
      start()
      return true
    end
  end,
})
