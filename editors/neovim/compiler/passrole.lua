-- `:compiler passrole`, then `:make`.

vim.cmd('CompilerSet makeprg=passrole\\ check\\ --format\\ concise\\ $*')
vim.cmd('CompilerSet errorformat=%f:%l:%c:\\ %trror%m,%f:%l:%c:\\ %tarning%m,%f:%l:%c:\\ %tnfo%m,%f:%l:%c:\\ %tint%m')
vim.b.current_compiler = 'passrole'
