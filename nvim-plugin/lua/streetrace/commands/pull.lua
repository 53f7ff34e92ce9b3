-- `:Streetrace pull MODEL`: Ollama fetches a model, with progress.
local pull = require('streetrace.on_document')('streetrace.model.pull', function(call)
  return { model = call.words[1] }
end)

return {
  run = function(call)
    if #call.words == 0 then
      vim.notify('Streetrace: which model? For example :Streetrace pull qwen2.5-coder:7b')
      return
    end
    pull.run(call)
  end,
}
