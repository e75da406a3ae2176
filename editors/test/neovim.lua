-- A person at work in Neovim: run by run.sh with `nvim -l`, in a copy of the demo.

local failed = 0

local function check(name, ok, got)
  print((ok and 'ok      ' or 'FAILED  ') .. 'Neovim, ' .. name .. (ok and '' or ': ' .. vim.inspect(got)))
  failed = failed + (ok and 0 or 1)
end

local function wait(what)
  local value
  vim.wait(20000, function()
    value = what()
    return value and value ~= 0
  end, 20)
  return value
end

local function codes()
  return vim.tbl_map(function(it)
    return it.code
  end, vim.diagnostic.get(0))
end

local function find(text)
  vim.fn.cursor(1, 1)
  return vim.fn.search('\\V' .. text)
end

local function line(text)
  return vim.fn.getline(find(text))
end

-- What a person's init.lua holds.
vim.opt.runtimepath:append(vim.env.PLUGIN)
vim.lsp.config('passrole', { cmd = { vim.env.PASSROLE, 'lsp' } })
vim.lsp.enable('passrole')
vim.cmd('runtime! plugin/passrole.lua ftdetect/passrole.lua')
vim.cmd('filetype on')

-- Open, problems.
vim.cmd.edit('ecs/task-definition.json')
wait(function()
  return #codes() > 0
end)
check('problems', vim.tbl_contains(codes(), 'fargate-memory-mismatch') or #codes() >= 3, codes())

-- Hover.
find('"networkMode"')
vim.fn.search('networkMode')
vim.lsp.buf.hover()
local hover = wait(function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
    end
  end
end)
check('hover', type(hover) == 'string' and hover:find('awsvpc', 1, true) ~= nil, hover)
vim.cmd('silent! fclose!')

-- Definition and references of a name inside the document.
local client = vim.lsp.get_clients({ bufnr = 0, name = 'passrole' })[1]
check('capabilities', client ~= nil and client.server_capabilities.renameProvider ~= nil and client.server_capabilities.foldingRangeProvider ~= nil, client and client.server_capabilities)

-- Folding by the server.
vim.wo.foldmethod = 'expr'
vim.wo.foldexpr = 'v:lua.vim.lsp.foldexpr()'
local fold = wait(function()
  vim.cmd('silent! normal! zx')
  return vim.fn.foldlevel(find('"containerDefinitions"') + 1)
end)
check('folding', type(fold) == 'number' and fold > 0, fold)
vim.wo.foldmethod = 'manual'

-- Completion: what is offered inside an action, and the accepted text.
vim.cmd.edit('iam/web-task-policy.json')
wait(function()
  return #vim.lsp.get_clients({ bufnr = 0 }) > 0
end)
local at = vim.fn.search('"Action"')
vim.fn.setline(at, '      "Action": "s3:GetObjec",')
vim.fn.cursor(at, #'      "Action": "s3:GetObjec' + 1)
local offered = wait(function()
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local answers = vim.lsp.buf_request_sync(0, 'textDocument/completion', params, 10000) or {}
  for _, answer in pairs(answers) do
    local items = answer.result and (answer.result.items or answer.result) or {}
    return vim.tbl_map(function(item)
      return item.label
    end, items)
  end
end)
check('completion', vim.tbl_contains(offered or {}, 's3:GetObject') or vim.tbl_contains(offered or {}, 'GetObject'), vim.list_slice(offered or {}, 1, 5))

-- A quick fix.
vim.fn.setline(at, '      "Action": "s3:GetObjekt",')
wait(function()
  return vim.tbl_contains(codes(), 'unknown-action')
end)
vim.fn.cursor(at, #'      "Action": "s3:GetOb')
vim.lsp.buf.code_action({
  apply = true,
  filter = function(action)
    return action.title:find('GetObject', 1, true) ~= nil
  end,
})
wait(function()
  return vim.fn.getline(at):find('s3:GetObject"', 1, true)
end)
check('quick fix', vim.fn.getline(at):find('s3:GetObject"', 1, true) ~= nil, vim.fn.getline(at))
vim.cmd('silent! edit!')

-- Rename.
vim.cmd.edit('ecs/task-definition.json')
local named = find('"name"')
vim.fn.cursor(named, vim.fn.getline(named):find('"name": "') + 9)
local old = vim.fn.getline(named):match('"name": "([^"]+)"')
vim.lsp.buf.rename('renamed')
wait(function()
  return vim.fn.getline(named):find('renamed', 1, true)
end)
check('rename', vim.fn.getline(named):find('"name": "renamed"', 1, true) ~= nil, { old, vim.fn.getline(named) })
vim.cmd('silent! edit!')

-- Fix on save.
vim.api.nvim_create_autocmd('BufWritePre', {
  callback = function(event)
    local params = vim.lsp.util.make_range_params(0, client.offset_encoding)
    params.context = { only = { 'source.fixAll' }, diagnostics = {} }
    for id, answer in pairs(vim.lsp.buf_request_sync(event.buf, 'textDocument/codeAction', params, 10000) or {}) do
      for _, action in ipairs(answer.result or {}) do
        if action.edit then
          vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(id).offset_encoding)
        end
      end
    end
  end,
})
wait(function()
  return #codes() > 0
end)
local before = #codes()
vim.cmd('silent write')
wait(function()
  return #codes() < before
end)
check('fix on save', #codes() < before, { before, codes() })

-- Mending one file clears the finding in another, without a save.
vim.cmd.edit('iam/web-task-role-trust.json')
wait(function()
  return #vim.lsp.get_clients({ bufnr = 0 }) > 0
end)
local trust = vim.api.nvim_get_current_buf()
wait(function()
  return #codes() > 0
end)
check('problems of a trust policy', vim.tbl_contains(codes(), 'wrong-service-principal') or #codes() > 0, codes())
local principal = find('"Service"')
vim.fn.setline(principal, (vim.fn.getline(principal):gsub('"Service": "[^"]*"', '"Service": "ecs-tasks.amazonaws.com"')))
wait(function()
  return not vim.tbl_contains(codes(), 'wrong-service-principal')
end)
check('live, without a save', not vim.tbl_contains(codes(), 'wrong-service-principal') and vim.bo[trust].modified, codes())

-- The commands.
vim.cmd('PassroleRule unknown-action')
check(':PassroleRule', vim.api.nvim_buf_get_lines(0, 0, 1, false)[1] == '# unknown-action', vim.api.nvim_buf_get_lines(0, 0, 1, false))
vim.cmd('bwipeout!')
vim.cmd('PassroleCheck .')
check(':PassroleCheck', #vim.fn.getqflist() > 5, #vim.fn.getqflist())
vim.cmd('checkhealth passrole')
local health = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
check(':checkhealth', health:find('OK passrole', 1, true) ~= nil and health:find('ERROR', 1, true) == nil and health:find('WARN', 1, true) == nil, health)
vim.cmd('helptags ' .. vim.env.PLUGIN .. '/doc')
check(':help', pcall(vim.cmd.help, 'passrole-commands'), 'no help')
os.remove(vim.env.PLUGIN .. '/doc/tags')

os.exit(failed == 0 and 0 or 1)
