"""The child process that talks to models. Importing this package imports nothing."""
