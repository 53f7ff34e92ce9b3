-- What runs, and how many changes wait, in a few words for a statusline.
local M = {}

---Something of it has changed.
function M.redraw()
  vim.api.nvim_exec_autocmds('User', { pattern = 'StreetraceStatus', modeline = false })
  vim.cmd.redrawstatus({ bang = true })
end

---@return string # `Streetrace: fix (qwen)…`, `±3`, both, or empty
function M.text()
  local words = {}
  local job, count = require('streetrace.jobs').newest()
  if job then
    local who = type(job.model) == 'string' and (' (%s)'):format(job.model) or ''
    local more = count > 1 and (' +%d'):format(count - 1) or ''
    table.insert(words, ('Streetrace: %s%s…%s'):format(job.action, who, more))
  end
  local waiting = vim.b.streetrace_hunks
  if waiting and waiting > 0 then
    table.insert(words, ('±%d'):format(waiting))
  end
  -- In a statusline, % begins an item.
  return (table.concat(words, ' '):gsub('%%', '%%%%'))
end

return M
