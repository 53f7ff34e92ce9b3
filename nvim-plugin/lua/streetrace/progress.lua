-- What a running action does, in the last line.
local M = {}

local function show(event)
  local client = vim.lsp.get_client_by_id(event.data.client_id)
  if not client or client.name ~= require('streetrace.server').NAME then
    return
  end
  local value = event.data.params.value
  local text = value.message or ''
  -- The last report is a sentence of its own, or goes on after the title.
  if value.kind ~= 'end' or text:find('^%l') then
    text = text == '' and (value.title or '') or ('%s: %s'):format(value.title or '', text)
  end
  text = vim.trim((text:gsub('%s+', ' ')))
  -- Away with an answered menu, or Neovim asks to press ENTER.
  vim.cmd.redraw()
  vim.api.nvim_echo({ { vim.fn.strcharpart(text, 0, vim.v.echospace) } }, false, {})
end

---Show it from now on, unless a person does not want it.
function M.watch()
  if not require('streetrace.config').get().progress then
    return
  end
  local titles = {} ---@type table<any, string>
  vim.api.nvim_create_autocmd('LspProgress', {
    group = vim.api.nvim_create_augroup('streetrace.progress', {}),
    callback = function(event)
      -- Only the first report of a job has its title.
      local params = event.data.params
      local key = ('%s %s'):format(event.data.client_id, params.token)
      titles[key] = params.value.title or titles[key]
      params.value.title = titles[key]
      if params.value.kind == 'end' then
        titles[key] = nil
      end
      show(event)
    end,
  })
end

return M
