-- The server's command line, for what is done outside of a session.
local M = {}

---Run `streetrace-lsp` with these arguments.
---@param arguments string[]
---@param folder? string
---@param done fun(ended: vim.SystemCompleted) in the main loop
---@return boolean # whether it could be started
function M.run(arguments, folder, done)
  local found = require('streetrace.executable').find(folder)
  if not found.command then
    return false
  end
  local command = vim.list_extend(vim.list_extend({}, found.command), arguments)
  if found.command[#found.command] == 'serve' then
    command = vim.list_extend(vim.list_slice(found.command, 1, #found.command - 1), arguments)
  end
  local ok =
    pcall(vim.system, command, { text = true, cwd = folder, stdin = '' }, vim.schedule_wrap(done))
  return ok
end

---Split a line as a shell does, where nothing but quotes is special.
---@param line string
---@return string[]
function M.split(line)
  local words, word, quote = {}, nil, nil
  for character in line:gmatch('[%z\1-\127\194-\244][\128-\191]*') do
    if quote then
      if character == quote then
        quote = nil
      else
        word = word .. character
      end
    elseif character == "'" or character == '"' then
      quote, word = character, word or ''
    elseif character == ' ' then
      words[#words + 1], word = word, nil
    else
      word = (word or '') .. character
    end
  end
  words[#words + 1] = word
  return words
end

return M
