-- What the commands of plugin/passrole.lua do.

local M = {}

--- The program that the server is started with.
local function program()
  local config = vim.lsp.config.passrole
  return config and type(config.cmd) == 'table' and config.cmd[1] or 'passrole'
end

--- Runs the program, and shows what it prints in a window of its own.
--- @param arguments string[]
--- @param options { stdin: string?, filetype: string }
local function show(arguments, options)
  local command = vim.list_extend({ program() }, arguments)
  local started, handle = pcall(vim.system, command, { text = true, stdin = options.stdin })
  if not started then
    vim.notify(('passrole: %s cannot be run; see :checkhealth passrole'):format(command[1]), vim.log.levels.ERROR)
    return
  end
  local done = handle:wait(30000)
  local text = done.stdout ~= '' and done.stdout or done.stderr
  if done.code ~= 0 and done.stdout == '' then
    vim.notify(vim.trim(text), vim.log.levels.ERROR)
    return
  end
  vim.cmd('botright new')
  local buffer = vim.api.nvim_get_current_buf()
  vim.bo[buffer].buftype = 'nofile'
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].swapfile = false
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(vim.trim(text), '\n'))
  vim.bo[buffer].filetype = options.filetype
  vim.bo[buffer].modifiable = false
end

--- Explains an error message: what is given, else the lines of the range.
function M.explain(command)
  local message = command.args
  if message == '' then
    local lines = vim.api.nvim_buf_get_lines(0, command.line1 - 1, command.line2, false)
    message = table.concat(lines, '\n')
  end
  show({ 'explain', '-' }, { stdin = message, filetype = 'text' })
end

--- Shows a rule's page; without a name that of the finding under the cursor.
function M.rule(command)
  local rule = command.args
  if rule == '' then
    local line = vim.api.nvim_win_get_cursor(0)[1] - 1
    for _, it in ipairs(vim.diagnostic.get(0, { lnum = line })) do
      if it.source == 'passrole' and it.code then
        rule = tostring(it.code)
        break
      end
    end
  end
  if rule == '' then
    vim.notify('passrole: no finding in this line', vim.log.levels.WARN)
    return
  end
  show({ 'rule', rule }, { filetype = 'markdown' })
end

--- Shows the actions that a wildcard stands for; without one that under the cursor.
function M.expand(command)
  local pattern = command.args ~= '' and command.args or vim.fn.expand('<cWORD>'):match('[%w-]+:[%w*?]+')
  if not pattern then
    vim.notify('passrole: no action under the cursor', vim.log.levels.WARN)
    return
  end
  show({ 'expand', pattern }, { filetype = 'text' })
end

--- Checks the folder, into the quickfix list.
function M.check(command)
  local folder = command.args ~= '' and command.args or '.'
  local done = vim.system({ program(), 'check', '--format', 'concise', folder }, { text = true }):wait(60000)
  if done.code > 1 then
    vim.notify(vim.trim(done.stderr), vim.log.levels.ERROR)
    return
  end
  vim.fn.setqflist({}, ' ', {
    title = 'passrole check ' .. folder,
    lines = vim.split(vim.trim(done.stdout), '\n', { trimempty = true }),
    efm = '%f:%l:%c: %trror%m,%f:%l:%c: %tarning%m,%f:%l:%c: %tnfo%m,%f:%l:%c: %tint%m',
  })
  if #vim.fn.getqflist() == 0 then
    vim.notify('passrole: no findings')
    vim.cmd.cclose()
  else
    vim.cmd.copen()
  end
end

return M
