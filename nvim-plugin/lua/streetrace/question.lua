-- A question of the server, such as that of trust: shown whole, then answered from a menu.

local function window_with(lines)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].modifiable = false
  local width = math.max(math.floor(vim.o.columns * 0.9), 1)
  local rows = 0
  for _, line in ipairs(lines) do
    rows = rows + math.max(1, math.ceil(vim.fn.strdisplaywidth(line) / width))
  end
  -- The menu needs the lines below.
  local height = math.max(1, math.min(rows, vim.o.lines - 10))
  local window = vim.api.nvim_open_win(buffer, false, {
    relative = 'editor',
    row = 0,
    col = math.floor((vim.o.columns - width) / 2),
    width = width,
    height = height,
    style = 'minimal',
    border = 'rounded',
    title = ' Streetrace ',
    focusable = true,
  })
  vim.wo[window].wrap = true
  vim.wo[window].linebreak = true
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
    prompt = lines[1],
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
