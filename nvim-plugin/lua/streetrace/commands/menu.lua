-- `:Streetrace` alone: what can be done with the lines, or around the cursor, as a menu.
local M = {}

---@param call streetrace.Call
function M.run(call)
  require('streetrace.server').with_client(call.buffer, function()
    local range
    if call.lines then
      local last = vim.api.nvim_buf_get_lines(call.buffer, call.lines[2], call.lines[2] + 1, false)
      range = {
        start = { call.lines[1] + 1, 0 },
        ['end'] = { call.lines[2] + 1, #(last[1] or '') },
      }
    end
    vim.lsp.buf.code_action({
      range = range,
      filter = function(action)
        return vim.startswith(action.title, 'Streetrace')
      end,
    })
  end)
end

return M
