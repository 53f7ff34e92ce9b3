-- `:Streetrace doctor`: asks each configured model for one word, and says what to do where it fails.
return require('streetrace.on_document')('streetrace.doctor')
