"""What helps a person to write a configuration file: completion, hover, mending, an outline.

Works on the text as it stands in the editor, broken or not. Nothing of LSP.
"""
