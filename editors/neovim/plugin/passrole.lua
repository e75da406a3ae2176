-- Commands; what they do is loaded with the first use.

if vim.g.loaded_passrole then
  return
end
vim.g.loaded_passrole = true

local function command(name, what, options)
  vim.api.nvim_create_user_command(name, function(given)
    require('passrole')[what](given)
  end, options)
end

command('PassroleCheck', 'check', { nargs = '?', complete = 'file', desc = 'Check a folder into the quickfix list' })
command('PassroleExplain', 'explain', { nargs = '*', range = true, desc = 'Explain an AWS error message' })
command('PassroleRule', 'rule', { nargs = '?', desc = 'Show the page of a rule' })
command('PassroleExpand', 'expand', { nargs = '?', desc = 'Show the actions that a wildcard stands for' })
