-- `:checkhealth streetrace`: what is needed and what is only nice, and what to do where it lacks.
local M = {}

-- How long the server's command line may take, in milliseconds.
local PATIENCE = 20000

local function settings()
  local health = vim.health
  health.start('Settings')
  local _, problems = require('streetrace.config').read()
  for _, problem in ipairs(problems) do
    health.error(
      'vim.g.streetrace: ' .. problem,
      'Mend it in your init.lua. :help streetrace-settings'
    )
  end
  if #problems == 0 then
    health.ok(
      vim.g.streetrace == nil and 'vim.g.streetrace is not set: the defaults hold'
        or 'vim.g.streetrace can be read'
    )
  end
end

---@return string[]? command
local function executable(root)
  local health = vim.health
  health.start('Server')
  local found = require('streetrace.executable').find(root)
  if not found.command then
    health.error('streetrace-lsp was not found. Looked at:\n' .. table.concat(found.looked, '\n'), {
      'Install it (pip install . in a checkout), or start Neovim where it is on the PATH.',
      "Or name it: vim.g.streetrace = { cmd = { '/path/to/streetrace-lsp' } }",
    })
    return nil
  end
  local ok, ended = pcall(function()
    return vim
      .system(vim.list_extend(vim.list_extend({}, found.command), { '--version' }), { text = true })
      :wait(PATIENCE)
  end)
  local said = ok and vim.trim(ended.stdout or '') or ''
  if not ok or ended.code ~= 0 or not said:find('^streetrace%-lsp ') then
    local why = ok and vim.trim((ended.stderr or '') .. said) or tostring(ended)
    why = why:sub(1, 300)
    health.error(
      ('%s (%s) does not answer `--version` as streetrace-lsp does: %s'):format(
        found.command[1],
        found.source,
        why ~= '' and why or ('it ended with %d'):format(ok and ended.code or -1)
      ),
      { 'Run it in a shell to see more.', 'Install it anew, or name another one in cmd.' }
    )
    return nil
  end
  health.ok(('%s: %s (%s)'):format(said, found.command[1], found.source))
  local advice = require('streetrace.version').advice(said:match(' (%S+)$'))
  if advice then
    health.warn(advice, 'Install the newer wheel in the way that you installed the first.')
  end
  local theirs = root and require('streetrace.executable').inside(vim.fs.joinpath(root, '.venv'))
  if theirs and vim.fn.executable(theirs) == 1 and theirs ~= found.command[1] then
    health.info(('%s is there too, and not used: set project_environment to use it'):format(theirs))
  end
  return found.command
end

local function clients(command)
  local health = vim.health
  local running = vim.lsp.get_clients({ name = require('streetrace.server').NAME })
  local doubled = vim.tbl_filter(function(client)
    local cmd = client.config.cmd
    local start = type(cmd) == 'table' and cmd[1] or ''
    return client.name ~= require('streetrace.server').NAME
      and vim.endswith(start, 'streetrace-lsp')
  end, vim.lsp.get_clients())
  for _, client in ipairs(doubled) do
    health.warn(
      ('streetrace-lsp also runs as “%s”: everything is offered twice'):format(client.name),
      'Take that one out of your own files: the plugin starts the server.'
    )
  end
  for _, client in ipairs(running) do
    local buffers = vim.tbl_count(client.attached_buffers or {})
    local root = client.config.root_dir or client.root_dir
    health.ok(
      ('runs for %d file%s of %s'):format(
        buffers,
        buffers == 1 and '' or 's',
        root and vim.fn.fnamemodify(root, ':~') or 'no project'
      )
    )
  end
  if #running == 0 and command then
    local log = vim.lsp.log and vim.lsp.log.get_filename and vim.lsp.log.get_filename()
      or vim.lsp.get_log_path()
    health.info('does not run: it starts with the first file. Its log: ' .. log)
  end
end

local function run(command, arguments, root)
  local ok, ended = pcall(function()
    local whole = vim.list_extend(vim.list_extend({}, command), arguments)
    return vim.system(whole, { text = true, cwd = root }):wait(PATIENCE)
  end)
  return ok and ended or nil
end

-- The project's file: whether it is right, and whether it is trusted.
local function project(command, root)
  local health = vim.health
  health.start('Project')
  local path = root and vim.fs.joinpath(root, '.streetrace.toml')
  if not path or vim.fn.filereadable(path) == 0 then
    health.info('no .streetrace.toml here: your own configuration holds')
  end
  local checked = run(command, { 'config', 'check' }, root)
  if not checked then
    return
  end
  local said = vim.trim(checked.stdout .. checked.stderr)
  if checked.code == 0 then
    health.ok(said ~= '' and said or 'the configuration has no problems')
  else
    health.error(said, 'Open the file: the diagnostics say how to mend it, and gra mends it.')
  end
  if path and vim.fn.filereadable(path) == 1 then
    local shown = run(command, { 'trust', '--print', path }, root)
    if shown and shown.stdout:find('To agree, run: ', 1, true) then
      health.warn(
        '.streetrace.toml is not trusted as it is, so nothing in it is used',
        ':Streetrace trust shows what it would use, and asks.'
      )
    elseif shown and shown.code == 0 then
      health.ok('.streetrace.toml is trusted')
    end
  end
end

function M.check()
  local health = vim.health
  health.start('Neovim')
  if vim.fn.has('nvim-0.10.4') == 1 then
    health.ok(tostring(vim.version()))
  else
    health.error('Neovim 0.10.4 or later is needed, this is ' .. tostring(vim.version()))
    return
  end
  settings()
  -- The file that was in front before this page was opened.
  local before = vim.fn.bufnr('#')
  local named = before > 0 and vim.api.nvim_buf_get_name(before) ~= ''
  local root = require('streetrace.server').root(named and before or vim.fn.getcwd())
    or vim.fn.getcwd()
  local command = executable(root)
  clients(command)
  if command then
    project(command, root)
    health.info('Whether the models answer: :Streetrace doctor')
  end
end

return M
