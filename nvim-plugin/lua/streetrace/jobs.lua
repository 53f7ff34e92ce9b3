-- What runs on the server, by `streetrace/job`.
local M = {}

---@class streetrace.Job
---@field job string
---@field action string
---@field uri string
---@field state string
---@field final boolean
---@field message string
---@field model? string

---Those that run, by their id.
---@type table<string, streetrace.Job>
local running = {}
---Their ids, the one that began last at the end.
---@type string[]
local order = {}
---Final events that nobody has waited for yet come before the answer that names the job.
---@type table<string, streetrace.Job>
local ended = {}
---@type table<string, fun(job: streetrace.Job)>
local waiting = {}

---An event of the server.
---@param job streetrace.Job
function M.event(job)
  if not job.final then
    if not running[job.job] then
      table.insert(order, job.job)
    end
    running[job.job] = job
  else
    running[job.job] = nil
    order = vim.tbl_filter(function(id)
      return id ~= job.job
    end, order)
    local act = waiting[job.job]
    waiting[job.job] = nil
    if act then
      act(job)
    else
      ended[job.job] = job
    end
  end
  require('streetrace.status').redraw()
end

---Do something when a job has ended.
---@param id string
---@param act fun(job: streetrace.Job)
function M.when_ended(id, act)
  if ended[id] then
    act(ended[id])
  else
    waiting[id] = act
  end
end

---The job that began last, and how many run.
---@return streetrace.Job?
---@return integer
function M.newest()
  return running[order[#order]], #order
end

---The server ended, and all that ran with it.
function M.clear()
  running, order, ended, waiting = {}, {}, {}, {}
  require('streetrace.status').redraw()
end

return M
