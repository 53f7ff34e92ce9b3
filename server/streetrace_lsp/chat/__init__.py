"""Chat: a conversation with a model that is a Markdown document."""
