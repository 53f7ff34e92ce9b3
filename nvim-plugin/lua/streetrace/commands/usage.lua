-- `:Streetrace usage [since]`: what was asked and what it cost.
local command = require('streetrace.on_document')('streetrace.usage', function(call)
  return { since = call.words[1] }
end)

function command.complete(words)
  return #words == 0 and { '7d', '30d', '4w', '3m' } or {}
end

return command
