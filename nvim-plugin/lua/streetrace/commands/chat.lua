-- `:Streetrace chat …`: a chat is a Markdown document in a split, and all of it can be edited.
local M = {}

local ACTS = { 'send', 'stop', 'regenerate', 'continue', 'compact', 'show' }
-- These mean the turn or the code block at the cursor.
local AT_CURSOR = { 'fork', 'apply', 'insert', 'create' }

local function run(buffer, command, argument, answered)
  local server = require('streetrace.server')
  server.with_client(buffer, function(client)
    server.execute(client, 'streetrace.chat.' .. command, argument, answered, buffer)
  end)
end

-- The chat in front, or none: then the server means the one that was used last.
local function named(buffer)
  local chat = require('streetrace.chats').is_chat(buffer)
  return chat and { uri = vim.uri_from_bufnr(buffer) } or vim.empty_dict()
end

---Do something with a chat.
---@param act string
---@param buffer integer
function M.act(act, buffer)
  if not vim.list_contains(AT_CURSOR, act) then
    return run(buffer, act, named(buffer))
  end
  require('streetrace.server').with_client(buffer, function(client)
    require('streetrace.offered').run(client, buffer, 'streetrace.chat.' .. act, function()
      run(buffer, act, named(buffer))
    end)
  end)
end

-- A chat about the lines, with the words as its question.
local function new(call, text)
  run(call.buffer, 'new', {
    uri = vim.uri_from_bufnr(call.buffer),
    range = call.lines and call.range or nil,
    text = text ~= '' and text or nil,
  })
end

-- The chats of this folder, the one changed last first.
local function listed(call, act)
  local server = require('streetrace.server')
  server.with_client(call.buffer, function(client)
    local params = { version = 1, folder = server.root(call.buffer) }
    server.request(client, 'streetrace/chat/list', params, function(answer)
      act(answer.chats)
    end, call.buffer)
  end)
end

local function open(call, chat)
  run(call.buffer, 'open', { uri = chat.chat })
end

-- One of the chats of this folder is chosen.
local function choose(call)
  listed(call, function(chats)
    if #chats == 0 then
      vim.notify('Streetrace: there is no chat yet. :Streetrace chat new starts one.')
      return
    end
    vim.ui.select(chats, {
      kind = 'streetrace.chat',
      prompt = 'Which chat?',
      format_item = function(chat)
        local title = chat.title ~= '' and chat.title or 'Nothing asked yet'
        local turns = chat.turns == 1 and '1 turn' or ('%d turns'):format(chat.turns)
        return ('%s (%s, %s)'):format(title, chat.time:sub(1, 10), turns)
      end,
    }, function(chat)
      if chat then
        open(call, chat)
      end
    end)
  end)
end

---@param call streetrace.Call
function M.run(call)
  local act, text = call.rest:match('^(%S+)%s*(.*)$')
  if not act then
    -- On lines a new one about them; else the last one goes on.
    if call.lines then
      return new(call, '')
    end
    return listed(call, function(chats)
      if chats[1] then
        open(call, chats[1])
      else
        new(call, '')
      end
    end)
  end
  if act == 'new' then
    return new(call, text)
  elseif act == 'open' then
    return choose(call)
  elseif act == 'model' then
    local argument = named(call.buffer)
    if text ~= '' then
      argument = vim.tbl_extend('force', argument, { target = text })
    end
    return run(call.buffer, 'model', argument)
  elseif vim.list_contains(ACTS, act) or vim.list_contains(AT_CURSOR, act) then
    return M.act(act, call.buffer)
  end
  -- Anything else is a question.
  new(call, call.rest)
end

function M.complete(words, buffer)
  if #words == 0 then
    return vim.iter({ { 'model', 'new', 'open' }, ACTS, AT_CURSOR }):flatten():totable()
  elseif words[1] == 'model' and #words == 1 then
    return require('streetrace.targets').names(buffer)
  end
  return {}
end

return M
