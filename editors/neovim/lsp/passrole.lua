-- passrole: IAM policies, role trust policies and Amazon ECS task definitions.
-- For Neovim 0.11 and later: put this folder on the runtime path, then `vim.lsp.enable('passrole')`.

-- Neovim has no type for these.
vim.filetype.add({
  extension = { tofu = 'terraform' },
  filename = { ['ecs.config'] = 'conf' },
})

--- Asks the server a question and shows the answer in a window of its own.
local function ask(client, command, arguments)
  client:request('workspace/executeCommand', { command = command, arguments = arguments }, function(problem, answer)
    if problem then
      vim.notify(problem.message, vim.log.levels.ERROR)
      return
    end
    vim.cmd.new()
    vim.bo.buftype = 'nofile'
    vim.bo.bufhidden = 'wipe'
    vim.bo.swapfile = false
    vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(answer.text, '\n'))
    vim.bo.filetype = answer.language == 'plaintext' and 'text' or answer.language
  end)
end

--- `:PassroleExplain MESSAGE`, `:PassroleRoles [FAMILY]`, `:PassroleExpand PATTERN…`.
local function commands(client, buffer)
  local uri = vim.uri_from_bufnr(buffer)
  local command = vim.api.nvim_buf_create_user_command
  command(buffer, 'PassroleExplain', function(given)
    ask(client, 'passrole.explain', { { message = given.args, uri = uri } })
  end, { nargs = '+' })
  command(buffer, 'PassroleRoles', function(given)
    ask(client, 'passrole.roles', { { uri = uri, fragment = given.args ~= '' and given.args or nil } })
  end, { nargs = '?' })
  command(buffer, 'PassroleExpand', function(given)
    ask(client, 'passrole.expand', given.fargs)
  end, { nargs = '+' })
end

---@type vim.lsp.Config
return {
  cmd = { 'passrole', 'lsp' },
  -- `hcl` is what some call Terraform; `conf` is `ecs.config`. Who gives templates a type of their own, such as
  -- `yaml.cloudformation`, adds it: `vim.lsp.config('passrole', { filetypes = { … } })`.
  filetypes = { 'json', 'jsonc', 'yaml', 'terraform', 'hcl', 'conf' },
  on_attach = commands,
  root_markers = { '.passrole.jsonc', '.git' },
  -- level: 'default' or 'pedantic'; select, ignore: lists of rules or groups; kinds: { ['org/*.json'] = 'scp' }.
  init_options = { level = 'default', select = {}, ignore = {} },
  settings = { passrole = { level = 'default', select = {}, ignore = {} } },
}
