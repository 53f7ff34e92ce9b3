local editors = require('editor')
local eq = MiniTest.expect.equality
local T, start = editors.set()

local function chat_buffer(editor)
  editor:wait([[vim.iter(vim.api.nvim_list_wins()):any(function(window)
    local name = vim.api.nvim_buf_get_name(vim.api.nvim_win_get_buf(window))
    return name:find('/.streetrace/chats/', 1, true) ~= nil
  end)]])
  return editor:lua([[
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      local buffer = vim.api.nvim_win_get_buf(window)
      if vim.api.nvim_buf_get_name(buffer):find('/.streetrace/chats/', 1, true) then
        vim.api.nvim_set_current_win(window)
        return buffer
      end
    end
  ]])
end

local function asked(editor, text)
  editor:cmd('4,8Streetrace chat new ' .. text)
  local buffer = chat_buffer(editor)
  editor:wait("require('streetrace.server').client(a) ~= nil", buffer)
  editor:wait('vim.fn.exists(":StreetraceSend") == 2')
  return buffer
end

T['a chat about the lines opens beside them, and is sent from there'] = function()
  local editor = start()
  local buffer = asked(editor, 'Why is this slow?')
  eq(editor:lua('return #vim.api.nvim_list_wins()'), 2)
  local text = editor:text(buffer)
  eq(text:find('@selection prices.py:4-8', 1, true) ~= nil, true)
  eq(text:find('Why is this slow?', 1, true) ~= nil, true)
  editor:cmd('StreetraceSend')
  eq(editor:ended().state, 'answered')
  eq(editor:text(buffer):find('## Assistant (local/demo)', 1, true) ~= nil, true)

  editor:cmd('StreetraceRegenerate')
  eq(editor:ended(2).state, 'answered')
  local _, turns = editor:text(buffer):gsub('## Assistant', '')
  eq(turns, 1)
end

T['a second turn goes below the first'] = function()
  local editor = start()
  local buffer = asked(editor, 'Why?')
  editor:cmd('StreetraceSend')
  editor:ended()
  editor.child.type_keys('G', 'o', 'And now?', '<Esc>')
  editor:cmd('Streetrace chat send')
  eq(editor:ended(2).state, 'answered')
  local _, turns = editor:text(buffer):gsub('## Assistant', '')
  eq(turns, 2)
end

T['stop ends the answer'] = function()
  local editor = start({ model = vim.env.PLUGIN_TEST_SLOW_MODEL })
  asked(editor, 'Why?')
  editor:cmd('StreetraceSend')
  editor:wait('require("streetrace").status() ~= ""')
  editor:wait('seen.jobs[#seen.jobs].state == "running"')
  editor:cmd('StreetraceStop')
  eq(editor:ended().state, 'cancelled')
end

T['apply brings the block at the cursor into its file'] = function()
  local editor = start()
  asked(editor, 'Mend it')
  editor:cmd('StreetraceSend')
  editor:ended()
  editor:cmd('call search("result = 0.0")')
  editor:cmd('StreetraceApply')
  eq(editor:ended(2).state, 'applied')
end

T['a fork is another chat, and open chooses between them'] = function()
  local editor = start()
  asked(editor, 'First')
  editor:cmd('write')
  editor:cmd('StreetraceSend')
  editor:ended()
  editor:cmd('write')
  editor:cmd('StreetraceFork')
  editor:wait('#vim.fn.glob(a .. "/.streetrace/chats/*.md", true, true) == 2', editor.folder)
  editor:pick('First')
  editor:cmd('Streetrace chat open')
  editor:wait('#seen.menus == 1')
  eq(editor:seen().menus[1].prompt, 'Which chat?')
end

T['chat alone goes on with the last one'] = function()
  local editor = start()
  local buffer = asked(editor, 'First')
  editor:cmd('write')
  editor:cmd('close')
  editor:cmd('Streetrace chat')
  eq(chat_buffer(editor), buffer)
end

T['a chat goes into the window that the settings name'] = function()
  local editor = start({ settings = "{ windows = { chat = 'tab' } }" })
  asked(editor, 'First')
  eq(editor:lua('return vim.fn.tabpagenr("$")'), 2)
end

T['documents go to the program that the system opens them with'] = function()
  local editor = start({ settings = "{ windows = { page = 'system' } }" })
  editor:cmd('4,8Streetrace explain')
  eq(editor:ended().state, 'answered')
  editor:wait('#seen.opened == 1')
  eq(vim.endswith(editor:seen().opened[1], '.md'), true)
  eq(editor:lua('return #vim.api.nvim_list_wins()'), 1)
end

return T
