-- The agent's settings have no type of their own in Neovim; the server reads them as `conf`.
vim.filetype.add({ filename = { ['ecs.config'] = 'conf' } })
