-- `:Streetrace recommend [task]`: which configured model suits a task.
local command = require('streetrace.on_document')('streetrace.model.recommend', function(call)
  return { task = call.words[1] }
end)

function command.complete(words, buffer)
  return #words == 0 and require('streetrace.command').actions(buffer) or {}
end

return command
