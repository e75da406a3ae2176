-- `:checkhealth passrole`: whether the program is there, and whether the server runs.

local M = {}

function M.check()
  local health = vim.health
  health.start('passrole')
  if vim.fn.has('nvim-0.11') == 1 then
    health.ok('Neovim is 0.11 or later')
  else
    health.error('Neovim is older than 0.11', 'Start the server by hand: see the README of editors/neovim')
    return
  end
  local program = (vim.lsp.config.passrole or {}).cmd
  local name = type(program) == 'table' and program[1] or 'passrole'
  if vim.fn.executable(name) == 1 then
    local version = vim.fn.system({ name, '--version' })
    health.ok(('%s: %s'):format(vim.fn.exepath(name), vim.trim(version)))
  else
    health.error(('`%s` is not on PATH'):format(name), 'Install passrole, or set `cmd` with vim.lsp.config')
  end
  if vim.lsp.is_enabled and not vim.lsp.is_enabled('passrole') then
    health.warn('the server is not enabled', "vim.lsp.enable('passrole')")
  end
  local clients = vim.lsp.get_clients({ name = 'passrole' })
  if #clients == 0 then
    health.info('no buffer of ours is open')
  else
    health.ok(('%d server(s) running'):format(#clients))
  end
end

return M
