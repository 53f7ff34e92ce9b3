-- `:Streetrace test BACKEND`: a call of one token to each model of a backend.
local test = require('streetrace.on_document')('streetrace.backend.test', function(call)
  return { backend = call.words[1] }
end)

return {
  run = function(call)
    if #call.words == 0 then
      vim.notify('Streetrace: which backend? For example :Streetrace test ollama')
      return
    end
    test.run(call)
  end,
  complete = function(words, buffer)
    return #words == 0 and require('streetrace.targets').backends(buffer) or {}
  end,
}
