-- `:Streetrace init`: a first .streetrace.toml for what is on this machine.
return require('streetrace.on_document')('streetrace.init')
