-- Where the documents that the server shows are opened.
local M = {}

---Whether a file is a chat, by its place.
---@param path string
---@return boolean
local function is_chat(path)
  return require('streetrace.chats').is_chat_path(path)
end

---Whether a file is a page that the server wrote, in its own state folder.
---@param path string
---@return boolean
function M.is_page(path)
  return vim.fs.normalize(path):find('/streetrace/answers/[^/]+%.md$') ~= nil
end

-- Load a file, so that the server is told of it, and show it nowhere.
local function load(path)
  local buffer = vim.fn.bufadd(path)
  -- What another plugin fails at with this kind of file does not keep it from being shown, nor
  -- from being attached to.
  vim.cmd(('silent! call bufload(%d)'):format(buffer))
  vim.bo[buffer].buflisted = true
  return buffer
end

local function go(window, selection, client)
  if not selection then
    return
  end
  local buffer = vim.api.nvim_win_get_buf(window)
  local row = math.min(selection.start.line, vim.api.nvim_buf_line_count(buffer) - 1)
  local line = vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1] or ''
  local column = selection.start.character
  if client.offset_encoding ~= 'utf-8' then
    local utf16 = client.offset_encoding == 'utf-16'
    local ok, byte = pcall(vim.str_byteindex, line, column, utf16)
    column = ok and byte or #line
  end
  vim.api.nvim_win_set_cursor(window, { row + 1, math.min(column, #line) })
end

-- Go to a window that may show a file, from a list or a page, say; false where there is none.
local function to_a_window_for_files()
  local windows = vim.api.nvim_tabpage_list_wins(0)
  table.insert(windows, 1, vim.api.nvim_get_current_win())
  for _, window in ipairs(windows) do
    local floats = vim.api.nvim_win_get_config(window).relative ~= ''
    if vim.bo[vim.api.nvim_win_get_buf(window)].buftype == '' and not floats then
      vim.api.nvim_set_current_win(window)
      return true
    end
  end
  return false
end

---Show a file: in the window that has it, else where the settings say.
---@param place string
---@param path string
---@param focus boolean
---@return integer? window nil where the system opened it
function M.open(place, path, focus)
  if place == 'system' then
    vim.ui.open(path)
    return nil
  end
  local buffer = load(path)
  local here = vim.api.nvim_get_current_win()
  local tab = vim.api.nvim_get_current_tabpage()
  local window = vim.iter(vim.fn.win_findbuf(buffer)):find(function(one)
    return vim.api.nvim_win_get_tabpage(one) == tab
  end)
  if not window then
    if place == 'current' and to_a_window_for_files() then
      vim.cmd("normal! m'")
      vim.api.nvim_win_set_buf(0, buffer)
    elseif place == 'current' then
      vim.cmd(('aboveleft sbuffer %d'):format(buffer))
    else
      vim.cmd(('%s sbuffer %d'):format(place == 'horizontal' and '' or place, buffer))
    end
    window = vim.api.nvim_get_current_win()
  end
  vim.api.nvim_set_current_win(focus and window or here)
  return window
end

---`window/showDocument`
---@param params { uri: string, external?: boolean, takeFocus?: boolean, selection?: table }
---@param client vim.lsp.Client
---@return { success: boolean }
function M.show(params, client)
  if params.external or not vim.startswith(params.uri, 'file:') then
    local command = vim.ui.open(params.uri)
    return { success = command ~= nil }
  end
  local path = vim.uri_to_fname(params.uri)
  local windows = require('streetrace.config').get().windows
  local focus = params.takeFocus ~= false
  local ours, chat = M.is_page(path), is_chat(path)
  if not focus and not ours and not chat then
    -- A file that an edit needs: the person stays where they are.
    load(path)
    return { success = true }
  end
  local place = chat and windows.chat or ours and windows.page or 'current'
  local window = M.open(place, path, focus)
  if window then
    go(window, params.selection, client)
    if chat and not params.selection then
      -- Where the next words go.
      local last = vim.api.nvim_buf_line_count(vim.api.nvim_win_get_buf(window))
      vim.api.nvim_win_set_cursor(window, { last, 0 })
    end
    if ours then
      local buffer = vim.api.nvim_win_get_buf(window)
      vim.b[buffer].streetrace_client = client.id
      M.equip(buffer)
    end
  end
  return { success = true }
end

---A page of ours is read, and put away with q.
---@param buffer integer
function M.equip(buffer)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].buflisted = false
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, desc = 'Close this page' })
end

return M
