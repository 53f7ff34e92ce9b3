-- `:Streetrace commit [words]`: a message for what git has staged.
return require('streetrace.on_document')('streetrace.commit', function(call)
  return { instruction = call.rest ~= '' and call.rest or nil }
end)
