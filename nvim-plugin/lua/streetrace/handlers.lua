-- What the server sends besides answers, by method.
local function client_of(context)
  return vim.lsp.get_client_by_id(context.client_id)
end

---@type table<string, lsp.Handler>
return {
  ['streetrace/job'] = function(_, job)
    require('streetrace.jobs').event(job)
  end,
  ['streetrace/review/changed'] = function(_, _, context)
    require('streetrace.review.marks').refresh(assert(client_of(context)))
  end,
  ['window/showMessage'] = function(_, params)
    -- LSP 3.17, MessageType: 1 is an error, 4 a line for the log.
    local level = ({ vim.log.levels.ERROR, vim.log.levels.WARN })[params.type]
    vim.notify('Streetrace: ' .. params.message, level or vim.log.levels.INFO)
  end,
  ['window/showDocument'] = function(_, params, context)
    return require('streetrace.pages').show(params, assert(client_of(context)))
  end,
  ['window/showMessageRequest'] = function(_, params)
    return require('streetrace.question')(params)
  end,
}
