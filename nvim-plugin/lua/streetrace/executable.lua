-- Where streetrace-lsp is: by setting, in the active environment, on the PATH, and, where a
-- person allows it, in the project's own environment.
local M = {}

local windows = vim.fn.has('win32') == 1
local NAME = windows and 'streetrace-lsp.exe' or 'streetrace-lsp'

---@class streetrace.Executable
---@field command? string[] how to start it; nil where it was not found
---@field source string where it came from, in words
---@field looked string[] what was looked at, in words, in its order

---@param environment string the folder of a Python environment
---@return string
function M.inside(environment)
  return vim.fs.joinpath(environment, windows and 'Scripts' or 'bin', NAME)
end

---@param root? string the project's folder
---@return streetrace.Executable
function M.find(root)
  local config = require('streetrace.config').get()
  if config.cmd then
    local found = vim.fn.executable(config.cmd[1]) == 1
    local looked = { ("cmd of vim.g.streetrace: '%s'"):format(config.cmd[1]) }
    return {
      command = found and config.cmd or nil,
      source = 'cmd of vim.g.streetrace',
      looked = looked,
    }
  end
  local looked = {}
  local function try(path, source)
    table.insert(looked, ('%s: %s'):format(source, path))
    if vim.fn.executable(path) == 1 then
      return { command = { vim.fn.exepath(path) }, source = source, looked = looked }
    end
  end
  local active = vim.env.VIRTUAL_ENV
  return config.project_environment
      and root
      and try(M.inside(vim.fs.joinpath(root, '.venv')), "the project's .venv")
    or active and active ~= '' and try(M.inside(active), 'the active environment')
    or try(NAME, 'PATH')
    or { source = '', looked = looked }
end

return M
