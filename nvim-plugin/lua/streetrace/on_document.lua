-- A command of the server that takes the document in front and little else.

---@param name string of the server's command
---@param more? fun(call: streetrace.Call): table? further fields; nil ends it
---@return streetrace.Command
return function(name, more)
  return {
    run = function(call)
      local fields = more and more(call) or {}
      local server = require('streetrace.server')
      server.with_client(call.buffer, function(client)
        local argument = vim.tbl_extend('keep', fields, { uri = server.uri(call.buffer) })
        server.execute(client, name, argument, nil, call.buffer)
      end)
    end,
  }
end
