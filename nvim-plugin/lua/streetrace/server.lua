-- The server's process as Neovim's LSP client: how it is started, found and asked.
local M = {}

M.NAME = 'streetrace'

local modern = vim.fn.has('nvim-0.11') == 1
-- How long a command waits for a server that starts, in milliseconds.
local PATIENCE = 15000

local function warn(message)
  vim.notify('Streetrace: ' .. message, vim.log.levels.WARN)
end

---The folder of the project that a buffer or a folder belongs to.
---@param source integer|string
---@return string?
function M.root(source)
  return vim.fs.root(source, require('streetrace.config').get().root_markers)
end

local function is_file(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  local named = vim.bo[buffer].buftype == '' and name ~= ''
  return named and not require('streetrace.pages').is_page(name)
end

---The document in a buffer; nil for a page, a list or an empty buffer, which the server has not.
---@param buffer integer
---@return string?
function M.uri(buffer)
  return is_file(buffer) and vim.uri_from_bufnr(buffer) or nil
end

-- A page of ours belongs to no project: for it no server is started.
local function start_at_root(buffer, start)
  if not require('streetrace.pages').is_page(vim.api.nvim_buf_get_name(buffer)) then
    start(vim.fs.root(buffer, vim.lsp.config[M.NAME].root_markers))
  end
end

---The client's configuration, as |vim.lsp.config()| and |vim.lsp.start()| take it.
---@return vim.lsp.Config
function M.configuration()
  local config = require('streetrace.config').get()
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  -- Words are asked for here, so Ask and Edit are in the menu, and the review is shown here.
  local version = require('streetrace.version')
  capabilities.experimental = {
    streetrace = { version = version.OWN, input = true, review = true },
  }
  return {
    name = M.NAME,
    cmd = function(dispatchers, started)
      local root = started and started.root_dir or M.root(0) or vim.fn.getcwd()
      local found = require('streetrace.executable').find(root)
      return vim.lsp.rpc.start(found.command or { 'streetrace-lsp' }, dispatchers)
    end,
    filetypes = config.filetypes,
    root_markers = config.root_markers,
    root_dir = modern and start_at_root or nil,
    capabilities = capabilities,
    -- vim.g is a person's own: no repository sets it.
    init_options = next(config.settings) and { user = config.settings } or nil,
    handlers = require('streetrace.handlers'),
    commands = {
      ['streetrace.action'] = function(command, context)
        require('streetrace.instruction').from_menu(command, context)
      end,
    },
    on_init = function(_, result)
      local advice = version.advice(result.serverInfo and result.serverInfo.version)
      if advice then
        warn(advice)
      end
    end,
    on_attach = function(client, buffer)
      require('streetrace.attach')(client, buffer)
    end,
    on_exit = function()
      vim.schedule(function()
        require('streetrace.jobs').clear()
        require('streetrace.review.marks').clear()
      end)
    end,
  }
end

local function wants(buffer)
  local kinds = require('streetrace.config').get().filetypes
  return vim.api.nvim_buf_is_loaded(buffer)
    and vim.bo[buffer].buftype == ''
    and not require('streetrace.pages').is_page(vim.api.nvim_buf_get_name(buffer))
    and (not kinds or vim.list_contains(kinds, vim.bo[buffer].filetype))
end

-- Neovim 0.10 has no vim.lsp.enable.
local function start_in(buffer)
  if wants(buffer) then
    local config = M.configuration()
    config.root_dir = M.root(buffer)
    config.cmd = require('streetrace.executable').find(config.root_dir).command
    if config.cmd then
      vim.lsp.start(config, { bufnr = buffer })
    end
  end
end

local enabled = false

---Start the server for the files that are open, and for those that will be.
---@return boolean # whether it can be started at all
function M.enable()
  if enabled then
    return true
  end
  local found = require('streetrace.executable').find(M.root(0) or vim.fn.getcwd())
  if not found.command then
    return false
  end
  enabled = true
  if modern then
    vim.lsp.enable(M.NAME)
    return true
  end
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('streetrace.enable', {}),
    callback = function(event)
      start_in(event.buf)
    end,
  })
  vim.iter(vim.api.nvim_list_bufs()):each(start_in)
  return true
end

---With the first file.
function M.autostart()
  if not require('streetrace.config').get().autostart then
    return
  end
  if not M.enable() then
    warn('streetrace-lsp was not found. :checkhealth streetrace says where it was looked for.')
  end
end

---The client of a buffer, if there is one that answers.
---@param buffer? integer
---@return vim.lsp.Client?
function M.client(buffer)
  local found = vim.lsp.get_clients({ name = M.NAME, bufnr = buffer or 0 })[1]
  return found and found.initialized and found or nil
end

---Do something with the client of a buffer once it answers, or of the last one where the buffer
---has none. What keeps it from that is said.
---@param buffer integer
---@param act fun(client: vim.lsp.Client)
function M.with_client(buffer, act)
  local client = M.client(buffer)
  if client then
    return act(client)
  end
  if not M.enable() then
    warn('streetrace-lsp was not found. :checkhealth streetrace says where it was looked for.')
    return
  end
  -- A page of ours means the project that it came from; from the empty buffer, any will do.
  if not wants(buffer) or vim.api.nvim_buf_get_name(buffer) == '' then
    local from = vim.b[buffer].streetrace_client
    local any = from and vim.lsp.get_client_by_id(from) or vim.lsp.get_clients({ name = M.NAME })[1]
    if any then
      return act(any)
    end
    warn('it runs for files. Open one first.')
    return
  end
  -- One that ended is started again.
  if modern then
    vim.lsp.enable(M.NAME)
  else
    start_in(buffer)
  end
  local waited = 0
  local timer = assert(vim.uv.new_timer())
  timer:start(
    0,
    20,
    vim.schedule_wrap(function()
      if timer:is_closing() then
        return
      end
      waited = waited + 20
      client = vim.api.nvim_buf_is_valid(buffer) and M.client(buffer) or nil
      if client or waited > PATIENCE then
        timer:close()
        if client then
          act(client)
        else
          warn('the server does not answer for this file. :checkhealth streetrace says more.')
        end
      end
    end)
  )
end

---Send a request.
---@param client vim.lsp.Client
---@param method string
---@param params table
---@param answered fun(result: any)
---@param buffer? integer
function M.request(client, method, params, answered, buffer)
  local function handler(failed, result)
    if failed then
      vim.notify('Streetrace: ' .. failed.message, vim.log.levels.ERROR)
    else
      answered(result)
    end
  end
  -- Pending changes of the buffer are sent before it.
  buffer = buffer or vim.api.nvim_get_current_buf()
  if modern then
    client:request(method, params, handler, buffer)
  else
    ---@diagnostic disable-next-line: param-type-mismatch, missing-parameter
    client.request(method, params, handler, buffer)
  end
end

---Run a command of the server. What its answer says to a person is shown by the server.
---@param client vim.lsp.Client
---@param command string
---@param argument table
---@param answered? fun(result: any)
---@param buffer? integer
function M.execute(client, command, argument, answered, buffer)
  local params = { command = command, arguments = { argument } }
  M.request(client, 'workspace/executeCommand', params, answered or function() end, buffer)
end

return M
