"""Finding, reading, checking and trusting configuration. Imports nothing heavy by itself."""
