-- A Neovim of its own for each test, in a project of its own, with a home folder of its own.
local M = {}

-- A busy machine gets this long for anything to happen, in milliseconds.
local DEADLINE = tonumber(vim.env.PLUGIN_TEST_DEADLINE) or 30000

M.SOURCE = [[
"""Prices."""


def total(prices):
    result = 0
    for i in range(len(prices)):
        result = result + prices[i]
    return result


def mean(prices):
    return total(prices) / len(prices)
]]

-- What the model's answer makes of it: a changed line, a removed one, an added one.
M.FIXED = [[
"""Prices."""


def total(prices):
    result = 0.0
    for i in range(len(prices)):
        result = result + prices[i]
    return result


def mean(prices):
    """The mean, “€” and all."""
    return total(prices) / len(prices)
]]

local CONFIGURATION = [[
model = "local/demo"

[backends.local]
provider = "ollama"
api_base = "%s"
edit_format = "search-replace"

[actions.haiku]
title = "Haiku"
prompt = "A haiku about {selection}"
kind = "answer"
]]

-- What the server keeps of a trusted configuration, by the configuration; `@` is the project.
local kept_trust = {}

local plugin =
  vim.fs.dirname(vim.fs.dirname(vim.uv.fs_realpath(debug.getinfo(1, 'S').source:sub(2))))
local number = 0

local function write(path, text)
  vim.fn.mkdir(vim.fs.dirname(path), 'p')
  local file = assert(io.open(path, 'w'))
  file:write(text)
  file:close()
end
M.write = write

---@class Editor a running Neovim, its project and what tests do with them
local Editor = {}
Editor.__index = Editor

---Start Neovim in a new project. Options: `settings` (vim.g.streetrace, as Lua), `open` (false: no
---file is opened), `trust` (false: the project is not trusted), `model` (another server's address),
---`path` (another PATH), `plugin` (false: without it), `configuration`, `before` (Lua to run first).
---@return Editor
function M.start(options)
  options = options or {}
  number = number + 1
  local root = ('%s/%d-%d'):format(vim.env.PLUGIN_TEST_TESTS, vim.uv.os_getpid(), number)
  local self = setmetatable({ folder = root .. '/shop', home = root .. '/home' }, Editor)
  vim.fn.mkdir(self.home, 'p')
  self.source = self.folder .. '/prices.py'
  write(self.source, M.SOURCE)
  local model = options.model or vim.env.PLUGIN_TEST_MODEL
  write(self.folder .. '/.streetrace.toml', options.configuration or CONFIGURATION:format(model))
  self.environment = {
    HOME = self.home,
    PATH = options.path or vim.env.PATH,
    LANG = 'C.UTF-8',
    XDG_CONFIG_HOME = self.home .. '/.config',
    XDG_STATE_HOME = self.home .. '/.local/state',
    XDG_DATA_HOME = self.home .. '/.local/share',
    XDG_CACHE_HOME = self.home .. '/.cache',
  }
  if options.trust ~= false then
    self:trust()
  end
  self.child = MiniTest.new_child_neovim()
  -- The child takes its environment from this Neovim.
  local kept = {}
  for name, value in pairs(self.environment) do
    kept[name] = vim.env[name]
    vim.env[name] = value
  end
  kept.VIRTUAL_ENV, vim.env.VIRTUAL_ENV = vim.env.VIRTUAL_ENV, options.environment
  local ok, why = pcall(
    self.child.start,
    { '-c', 'cd ' .. self.folder },
    { nvim_executable = vim.env.PLUGIN_TEST_NVIM, connection_timeout = DEADLINE }
  )
  vim.env.VIRTUAL_ENV = nil
  for name, value in pairs(kept) do
    vim.env[name] = value
  end
  assert(ok, why)
  self:lua([[
    _G.seen = { jobs = {}, said = {}, menus = {}, asked = {}, opened = {}, picks = {}, words = {} }
    vim.notify = function(message) table.insert(seen.said, message) end
    vim.ui.select = function(items, options, choose)
      local titles = vim.tbl_map(options.format_item or tostring, items)
      table.insert(seen.menus, { prompt = options.prompt, titles = titles })
      for i, item in ipairs(items) do
        for _, pick in ipairs(seen.picks) do
          if vim.startswith(titles[i], pick) then return choose(item, i) end
        end
      end
      choose(nil)
    end
    vim.ui.input = function(options, given)
      table.insert(seen.asked, options.prompt)
      given(table.remove(seen.words, 1))
    end
    vim.ui.open = function(path) table.insert(seen.opened, path) return {} end
    vim.o.columns, vim.o.lines = 100, 40
  ]])
  self:lua('vim.g.streetrace = ' .. (options.settings or 'nil'))
  if options.before then
    self:lua(options.before)
  end
  if options.plugin ~= false then
    self:lua('vim.opt.runtimepath:prepend(...) vim.cmd.runtime("plugin/streetrace.lua")', plugin)
    self:lua([[
      local handlers = require('streetrace.handlers')
      local job = handlers['streetrace/job']
      handlers['streetrace/job'] = function(failed, event, ...)
        table.insert(seen.jobs, event)
        return job(failed, event, ...)
      end
    ]])
  end
  if options.open ~= false then
    self:open(self.source)
  end
  return self
end

---Run a program as a shell of the project's person would.
function Editor:shell(command)
  -- Neovim 0.10 loses the environment that vim.system is given with clear_env.
  local whole = { 'env', '-i' }
  for name, value in pairs(self.environment) do
    table.insert(whole, name .. '=' .. value)
  end
  table.insert(whole, 'PATH=' .. vim.env.PATH)
  vim.list_extend(whole, command)
  local ended = vim.system(whole, { cwd = self.folder, text = true }):wait(DEADLINE)
  assert(ended.code == 0, ended.stdout .. ended.stderr)
  return ended.stdout
end

---Trust the project: by the command, and where another one has the same configuration, by what the
---command left there. It takes as long as all the rest of a test.
function Editor:trust()
  local configuration = table.concat(vim.fn.readfile(self.folder .. '/.streetrace.toml'), '\n')
  local kept = kept_trust[configuration]
  if kept then
    vim.fn.mkdir(vim.fs.dirname(self.home .. kept.path), 'p', tonumber('700', 8))
    write(self.home .. kept.path, (kept.text:gsub('@', (self.folder:gsub('%%', '%%%%')))))
    vim.uv.fs_chmod(self.home .. kept.path, tonumber('600', 8))
    return
  end
  self:shell({ 'streetrace-lsp', 'trust', '--yes' })
  local path = vim.fn.glob(self.home .. '/.local/state/*/trust.json')
  local text = table.concat(vim.fn.readfile(path), '\n')
  assert(not text:find('@', 1, true), text)
  kept_trust[configuration] = {
    path = path:sub(#self.home + 1),
    text = text:gsub(vim.pesc(self.folder), '@'),
  }
end

function Editor:stop()
  self.child.stop()
end

---Run Lua in it, with `...` for the arguments.
function Editor:lua(code, ...)
  return self.child.lua(code, { ... })
end

function Editor:cmd(command)
  self.child.cmd(command)
end

---Wait until a Lua expression is true; `a` and `b` are the arguments.
function Editor:wait(condition, ...)
  local held = self:lua(
    ('local a, b = ...\nreturn (vim.wait(%d, function() return %s end, 5))'):format(
      DEADLINE,
      condition
    ),
    ...
  )
  if not held then
    error(('never came true: %s\n%s'):format(condition, self:story()), 2)
  end
end

function Editor:story()
  return self:lua([[
    return vim.inspect({
      seen = seen, clients = #vim.lsp.get_clients(), messages = vim.fn.execute('messages')
    })
  ]])
end

---Edit a file and wait until the server answers for it.
function Editor:open(path)
  self:cmd('edit ' .. path)
  self:wait("require('streetrace.server').client(0) ~= nil")
end

---Wait for the end of the job of this number, and return its last event.
function Editor:ended(which)
  self:wait('#vim.tbl_filter(function(job) return job.final end, seen.jobs) >= a', which or 1)
  return self:lua(
    'return vim.tbl_filter(function(job) return job.final end, seen.jobs)[...]',
    which or 1
  )
end

---Wait until every request is answered.
function Editor:idle()
  self:wait('next(vim.lsp.get_clients()[1].requests) == nil')
end

---Choose the entries that begin so, wherever a menu has one.
function Editor:pick(...)
  self:lua('seen.picks = ...', { ... })
end

---What the next input is answered with.
function Editor:answer(words)
  self:lua('table.insert(seen.words, ...)', words)
end

function Editor:seen()
  return self:lua('return seen')
end

---Wait until a message has this text.
function Editor:told(text)
  self:wait('vim.iter(seen.said):any(function(one) return one:find(a, 1, true) ~= nil end)', text)
end

---The text of a buffer, the one in front without a number.
function Editor:text(buffer)
  local lines = self.child.api.nvim_buf_get_lines(buffer or 0, 0, -1, false)
  return table.concat(lines, '\n') .. '\n'
end

---Wait for a window with a buffer whose name or text has this; returns its text.
function Editor:page(text)
  local shown = [[
    vim.iter(vim.api.nvim_list_wins()):map(function(window)
      local buffer = vim.api.nvim_win_get_buf(window)
      local lines = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
      return vim.api.nvim_buf_get_name(buffer) .. '\n' .. lines
    end):find(function(one) return one:find(a, 1, true) ~= nil end)
  ]]
  self:wait(shown .. ' ~= nil', text)
  return self:lua('local a = ... return ' .. shown, text)
end

---Fix all of it, and wait until the three changes are marked.
function Editor:fixed()
  self:cmd('1,12Streetrace fix')
  local ending = self:ended()
  assert(ending.state == 'applied', self:story())
  self:wait("#require('streetrace.review.marks').hunks(0) == 2")
  assert(self:text() == M.FIXED, self:text())
end

---A set of tests in which `editor` is the started Neovim.
function M.set(options)
  local set = MiniTest.new_set({
    hooks = {
      post_case = function()
        if M.running then
          M.running:stop()
          M.running = nil
        end
      end,
    },
  })
  return set,
    function(more)
      M.running = M.start(vim.tbl_extend('force', options or {}, more or {}))
      return M.running
    end
end

return M
