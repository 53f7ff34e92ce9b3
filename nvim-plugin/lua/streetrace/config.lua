-- What a person sets in vim.g.streetrace: its types, its defaults, and what is wrong in it.
local M = {}

---@class streetrace.Config
---The server's command. Without it `streetrace-lsp` is looked for, see |streetrace-server|.
---@field cmd? string[]
---Start the server with the first file; `false`: with the first `:Streetrace`.
---@field autostart? boolean
---Only in these filetypes; without it in all files.
---@field filetypes? string[]
---What marks the root of a project, the outermost name first.
---@field root_markers? string[]
---Use `.venv/bin/streetrace-lsp` of the project. Who can write to the project can then run
---programs as you, by opening a file.
---@field project_environment? boolean
---Settings for the server, as in config.toml.
---@field settings? table<string, any>
---Show at the bottom what a running action does.
---@field progress? boolean
---@field review? streetrace.ReviewConfig
---@field windows? streetrace.WindowConfig

---@class streetrace.ReviewConfig
---Show the lines that an edit removed, as virtual lines.
---@field removed_lines? boolean
---Sign of a changed line; an empty text shows none.
---@field sign? string
---Say behind the first line of a change which edit it is.
---@field labels? boolean
---Show Keep and Undo above each change, as code lenses.
---@field code_lens? boolean

---Where a page opens: a modifier such as `vertical`, `botright` or `tab`, `current` for the
---window in front, or `system` for the program that the system opens it with (|vim.ui.open()|).
---@class streetrace.WindowConfig
---@field chat? string
---@field page? string

---@type streetrace.Config
M.defaults = {
  autostart = true,
  root_markers = { '.streetrace.toml', '.git' },
  project_environment = false,
  settings = {},
  progress = true,
  review = { removed_lines = true, sign = '▎', labels = true, code_lens = false },
  windows = { chat = 'botright vertical', page = 'botright' },
}

local PLACES = {
  'vertical',
  'horizontal',
  'aboveleft',
  'belowright',
  'topleft',
  'botright',
  'tab',
  'current',
  'system',
}

local function list_of_strings(value)
  return vim.islist(value)
    and #value > 0
    and vim.iter(value):all(function(one)
      return type(one) == 'string'
    end)
end

local function is(kind)
  return function(value)
    return type(value) == kind
  end
end

local function place(value)
  return vim.iter(vim.split(tostring(value), ' ')):all(function(word)
    return vim.list_contains(PLACES, word)
  end)
end

-- What each field takes, in words and as a check.
local FIELDS = {
  cmd = { "a list of texts, such as { 'streetrace-lsp' }", list_of_strings },
  autostart = { 'true or false', is('boolean') },
  filetypes = { "a list of texts, such as { 'python' }", list_of_strings },
  root_markers = { "a list of texts, such as { '.git' }", list_of_strings },
  project_environment = { 'true or false', is('boolean') },
  settings = { 'a table', is('table') },
  progress = { 'true or false', is('boolean') },
  review = {
    'a table',
    is('table'),
    fields = {
      removed_lines = { 'true or false', is('boolean') },
      sign = { 'a text of at most two cells', is('string') },
      labels = { 'true or false', is('boolean') },
      code_lens = { 'true or false', is('boolean') },
    },
  },
  windows = {
    'a table',
    is('table'),
    fields = {
      chat = { 'one or more of ' .. table.concat(PLACES, ', '), place },
      page = { 'one or more of ' .. table.concat(PLACES, ', '), place },
    },
  },
}

---@param given table
---@param fields table<string, table>
---@param prefix string
---@param problems string[]
---@return table # what of `given` can be used
local function read(given, fields, prefix, problems)
  local good = {}
  for name, value in vim.spairs(given) do
    local field = fields[name]
    local called = prefix .. tostring(name)
    if not field then
      local known = vim.tbl_keys(fields)
      table.sort(known)
      table.insert(
        problems,
        ('%s: there is no such setting. There are: %s.'):format(called, table.concat(known, ', '))
      )
    elseif not field[2](value) then
      table.insert(problems, ('%s: takes %s.'):format(called, field[1]))
    elseif field.fields then
      good[name] = read(value, field.fields, called .. '.', problems)
    else
      good[name] = value
    end
  end
  return good
end

local told = false

---The settings in force, and what is wrong in vim.g.streetrace. What is wrong is left out.
---@return streetrace.Config
---@return string[] problems a sentence each
function M.read()
  local given = vim.g.streetrace
  local problems = {}
  if type(given) == 'function' then
    given = given()
  end
  if given == nil then
    given = {}
  elseif type(given) ~= 'table' then
    given, problems = {}, { 'takes a table.' }
  end
  local good = read(given, FIELDS, '', problems)
  return vim.tbl_deep_extend('force', M.defaults, good), problems
end

---The settings in force. Mistakes are said once.
---@return streetrace.Config
function M.get()
  local config, problems = M.read()
  if #problems > 0 and not told then
    told = true
    vim.notify('Streetrace: vim.g.streetrace ' .. table.concat(problems, '\n'), vim.log.levels.WARN)
  end
  return config
end

return M
