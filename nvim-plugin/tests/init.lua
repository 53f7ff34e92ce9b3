-- Runs the plugin's tests: `make e2e-neovim` starts Neovim with this file. From outside come
--   PLUGIN_TEST_NVIM         a program that starts the Neovim under test
--   PLUGIN_TEST_MINI_TEST    the folder of mini.test
--   PLUGIN_TEST_MODEL        a model server with Ollama's protocol that answers ANSWER of project.lua
--   PLUGIN_TEST_SLOW_MODEL   one that holds its answer back
--   PLUGIN_TEST_TESTS        a folder for projects
local here = vim.fs.dirname(vim.fs.dirname(vim.uv.fs_realpath(debug.getinfo(1, 'S').source:sub(2))))
vim.opt.runtimepath:prepend(vim.env.PLUGIN_TEST_MINI_TEST)
vim.opt.runtimepath:prepend(here)
package.path = ('%s/tests/?.lua;%s'):format(here, package.path)

local only = vim.env.PLUGIN_TEST_ONLY

local function run()
  local test = require('mini.test')
  test.setup({
    collect = {
      find_files = function()
        return vim.fn.globpath(here .. '/tests', 'test_*.lua', true, true)
      end,
      filter_cases = function(case)
        return not only or table.concat(case.desc, ' '):find(only, 1, true) ~= nil
      end,
    },
    execute = { reporter = test.gen_reporter.stdout({ group_depth = 1 }) },
  })
  test.run()
end

local ok, why = xpcall(run, debug.traceback)
if not ok then
  io.stderr:write(why, '\n')
  vim.cmd('cquit')
end
