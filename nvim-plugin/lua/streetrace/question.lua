-- A question of the server, such as that of trust: shown whole, then answered from a menu.

-- A window with the question above the menu; nil where not all of it would be seen.
local function window_with(lines)
  local width = math.max(math.floor(vim.o.columns * 0.9), 1)
  local rows = 0
  for _, line in ipairs(lines) do
    rows = rows + math.max(1, math.ceil(vim.fn.strdisplaywidth(line) / width))
  end
  -- The menu and the borders need the other lines.
  if rows > vim.o.lines - 10 then
    return nil
  end
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].modifiable = false
  local window = vim.api.nvim_open_win(buffer, false, {
    relative = 'editor',
    row = 0,
    col = math.floor((vim.o.columns - width) / 2),
    width = width,
    height = rows,
    style = 'minimal',
    border = 'rounded',
    title = ' Streetrace ',
    focusable = true,
  })
  vim.wo[window].wrap = true
  return window
end

---`window/showMessageRequest`; runs in a coroutine, which waits for the person.
---@param params { message: string, actions?: { title: string }[] }
return function(params)
  local actions = params.actions or {}
  if #actions == 0 then
    vim.notify(params.message)
    return vim.NIL
  end
  local waiting = assert(coroutine.running(), 'a question is asked in a coroutine')
  local lines = vim.split(params.message, '\n', { plain = true })
  local window = #lines > 1 and window_with(lines) or nil
  vim.cmd.redraw()
  vim.ui.select(actions, {
    kind = 'streetrace.question',
    prompt = window and lines[1] or params.message,
    format_item = function(action)
      return action.title
    end,
  }, function(chosen)
    -- Not before the coroutine waits: Neovim's own menu answers at once.
    vim.schedule(function()
      if window and vim.api.nvim_win_is_valid(window) then
        vim.api.nvim_win_close(window, true)
      end
      coroutine.resume(waiting, chosen or vim.NIL)
    end)
  end)
  return coroutine.yield()
end
