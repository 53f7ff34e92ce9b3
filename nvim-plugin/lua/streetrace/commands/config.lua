-- `:Streetrace config [show|check]`: every value in force and its source, or what is wrong.
local show = require('streetrace.on_document')('streetrace.config.show')
local check = require('streetrace.on_document')('streetrace.config.check')

return {
  run = function(call)
    if call.words[1] == 'check' then
      check.run(call)
    else
      show.run(call)
    end
  end,
  complete = function(words)
    return #words == 0 and { 'check', 'show' } or {}
  end,
}
