"""Grammars: what a model wrote in, neutral edit intents out. One module per grammar."""
