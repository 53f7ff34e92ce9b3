"""Proposals: edits that wait for a person."""
