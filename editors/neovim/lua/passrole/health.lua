-- `:checkhealth passrole`

local M = {}

function M.check()
  local health = vim.health
  health.start('passrole')

  if vim.fn.has('nvim-0.11') == 0 then
    health.error('Neovim 0.11 or newer is needed for vim.lsp.enable().')
    return
  end

  local config = vim.lsp.config.passrole
  if not config then
    health.error('No configuration of the server is on the runtime path.', { 'Put editors/neovim on it; see :help passrole-install.' })
    return
  end
  local program = type(config.cmd) == 'table' and config.cmd[1] or 'passrole'
  local path = vim.fn.exepath(program)
  if path == '' then
    health.error(('`%s` cannot be run.'):format(program), { 'Install it, or set `cmd`; see :help passrole-install.' })
    return
  end
  local version = vim.system({ path, '--version' }, { text = true }):wait(5000)
  if version.code ~= 0 then
    health.error(('`%s --version` ends with %d: %s'):format(path, version.code, vim.trim(version.stderr or '')))
    return
  end
  health.ok(('%s (%s)'):format(vim.trim(version.stdout), path))

  if vim.lsp.is_enabled and not vim.lsp.is_enabled('passrole') then
    health.warn('The server is not enabled.', { "Add vim.lsp.enable('passrole') to your init.lua." })
  else
    health.ok('The server is enabled.')
  end
  local clients = vim.lsp.get_clients({ name = 'passrole' })
  for _, client in ipairs(clients) do
    health.info(('Running for %s, %d buffers.'):format(client.root_dir or 'no folder', vim.tbl_count(client.attached_buffers)))
  end
  if #clients == 0 then
    health.info('Not running: it starts with the first JSON, YAML or Terraform file.')
  end
end

return M
