-- Keep and Undo above each change, where a person wants code lenses.
local M = {}

---@param buffer integer
function M.show(buffer)
  -- From Neovim 0.12 on they are kept up to date by Neovim.
  if vim.fn.has('nvim-0.12') == 1 then
    vim.lsp.codelens.enable(true, { bufnr = buffer })
    return
  end
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged' }, {
    buffer = buffer,
    group = vim.api.nvim_create_augroup('streetrace.lenses.' .. buffer, {}),
    callback = function()
      vim.lsp.codelens.refresh({ bufnr = buffer })
    end,
  })
  vim.lsp.codelens.refresh({ bufnr = buffer })
end

return M
