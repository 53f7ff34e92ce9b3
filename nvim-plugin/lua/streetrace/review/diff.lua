-- The text before the edits beside the text as it is, as Neovim's own diff.
local M = {}

---@param buffer integer
local function before_of(buffer)
  return vim.iter(vim.api.nvim_list_bufs()):find(function(other)
    return vim.b[other].streetrace_before == buffer
  end)
end

---@param buffer integer the document
---@param text string what it would be with all of its changes undone
local function open(buffer, text)
  local window = vim.api.nvim_get_current_win()
  local other = vim.api.nvim_create_buf(false, true)
  local lines = vim.split(text, '\r?\n')
  if lines[#lines] == '' then
    table.remove(lines)
  end
  vim.api.nvim_buf_set_lines(other, 0, -1, false, lines)
  vim.b[other].streetrace_before = buffer
  vim.bo[other].bufhidden = 'wipe'
  vim.bo[other].modifiable = false
  local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ':t')
  vim.api.nvim_buf_set_name(other, ('streetrace://before/%d/%s'):format(buffer, name))
  vim.cmd(('leftabove vertical sbuffer %d'):format(other))
  -- Colours without the servers of that language.
  vim.bo[other].syntax = vim.bo[buffer].filetype
  vim.cmd.diffthis()
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = other, desc = 'Close the diff' })
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = other,
    callback = function()
      vim.b[buffer].streetrace_diff = nil
      if vim.api.nvim_win_is_valid(window) then
        vim.api.nvim_win_call(window, function()
          vim.cmd.diffoff()
        end)
      end
      -- Once the windows have their places again.
      vim.schedule(function()
        require('streetrace.review.marks').redraw(buffer)
      end)
    end,
  })
  vim.api.nvim_set_current_win(window)
  vim.cmd.diffthis()
  vim.b[buffer].streetrace_diff = true
  require('streetrace.review.marks').redraw(buffer)
end

---Open the diff of a buffer, or close it.
---@param client vim.lsp.Client
---@param buffer integer
function M.toggle(client, buffer)
  local shown = before_of(buffer)
  if shown then
    vim.api.nvim_buf_delete(shown, { force = true })
    return
  end
  if #require('streetrace.review.marks').hunks(buffer) == 0 then
    vim.notify('Streetrace: there is nothing to review in this file.')
    return
  end
  local params = { version = 1, uri = vim.uri_from_bufnr(buffer) }
  require('streetrace.server').request(client, 'streetrace/review/texts', params, function(texts)
    open(buffer, texts.before)
  end, buffer)
end

return M
