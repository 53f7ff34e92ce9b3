-- What a buffer gets when the server is attached to it.

---@param client vim.lsp.Client
---@param buffer integer
return function(client, buffer)
  local config = require('streetrace.config').get()
  require('streetrace.progress').watch()
  require('streetrace.review.marks').attach(client, buffer)
  if config.review.code_lens then
    require('streetrace.lenses').show(buffer)
  end
  if require('streetrace.chats').is_chat(buffer) then
    require('streetrace.chats').equip(buffer)
  end
end
