-- passrole: IAM policies, role trust policies and Amazon ECS task definitions.
-- For Neovim 0.11 and later: put this folder on the runtime path, then `vim.lsp.enable('passrole')`.

---@type vim.lsp.Config
return {
  cmd = { 'passrole', 'lsp' },
  -- `hcl` is what some call Terraform; `conf` is `ecs.config`.
  filetypes = { 'json', 'jsonc', 'yaml', 'yaml.cloudformation', 'terraform', 'opentofu', 'hcl', 'conf' },
  root_markers = { '.passrole.jsonc', '.git' },
  -- level: 'default' or 'pedantic'; select, ignore: lists of rules or groups; kinds: { ['org/*.json'] = 'scp' }.
  init_options = { level = 'default', select = {}, ignore = {} },
  settings = { passrole = { level = 'default', select = {}, ignore = {} } },
}
