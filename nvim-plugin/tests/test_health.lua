local editors = require('editor')
local eq = MiniTest.expect.equality
local T, start = editors.set()

local function health(editor)
  editor:cmd('checkhealth streetrace')
  return editor:text()
end

local function says(text, ...)
  for _, part in ipairs({ ... }) do
    if not text:find(part, 1, true) then
      error(('%q is not in\n%s'):format(part, text))
    end
  end
end

T['a good set-up is clean'] = function()
  local editor = start()
  local text = health(editor)
  says(text, 'streetrace-lsp 0.', '(PATH)', 'runs for 1 file of', '.streetrace.toml is trusted')
  says(text, '.streetrace.toml: no problems')
  eq({ text:find('ERROR', 1, true), text:find('WARNING', 1, true) }, {})
end

T['broken: no server on the PATH'] = function()
  local editor = start({ path = '/nowhere', trust = false, open = false })
  says(
    health(editor),
    'ERROR streetrace-lsp was not found. Looked at:',
    'PATH: streetrace-lsp',
    'pip install . in a checkout'
  )
end

T['broken: the server that the settings name is not there'] = function()
  local editor = start({ settings = "{ cmd = { '/opt/nothing' } }", open = false })
  says(
    health(editor),
    'ERROR streetrace-lsp was not found. Looked at:',
    "cmd of vim.g.streetrace: '/opt/nothing'"
  )
end

T['broken: another program is named'] = function()
  local editor = start({ settings = "{ cmd = { 'cat' } }", open = false })
  says(
    health(editor),
    'does not answer `--version` as streetrace-lsp does',
    'name another one in cmd'
  )
end

T['broken: settings that do not exist'] = function()
  local editor = start({ settings = '{ autostrat = true }' })
  says(health(editor), 'ERROR vim.g.streetrace: autostrat: there is no such setting', 'autostart,')
end

T['broken: the configuration has an error'] = function()
  local editor = start({ configuration = 'model = "local/demo"\n[backends.local\n', trust = false })
  says(health(editor), 'ERROR', '.streetrace.toml', 'gra mends it')
end

T['broken: the project is not trusted'] = function()
  local editor = start({ trust = false })
  says(
    health(editor),
    'WARNING .streetrace.toml is not trusted as it is',
    ':Streetrace trust shows'
  )
end

T['broken: the server runs twice'] = function()
  local editor = start()
  editor:lua("vim.lsp.start({ name = 'other', cmd = { 'streetrace-lsp' } })")
  editor:wait('#vim.lsp.get_clients() == 2')
  says(health(editor), 'also runs as “other”', 'Take that one out')
end

-- A plugin that is newer than the server: as it is once the other of the two is not updated.
local NEWER = "require('streetrace.version').OWN = '99.0.0'"

T['broken: the server is older than the plugin'] = function()
  local editor = start({ open = false })
  editor:lua(NEWER)
  editor:open(editor.source)
  editor:told('the server (0.')
  editor:told('is older than the plugin (99.0.0). Update the server')
  says(health(editor), 'WARNING the server (0.', 'Install the newer wheel')
end

T['a server that is newer says that the plugin is older'] = function()
  local editor = start({ open = false })
  editor:lua("require('streetrace.version').OWN = '0.0.1'")
  editor:open(editor.source)
  editor:told('(0.0.1) is older than its server')
end

return T
