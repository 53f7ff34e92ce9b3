"""What can be asked of a model, and what goes into the prompt."""
