"""The error hierarchy: every error knows its sentence for the user and the next step."""

from __future__ import annotations


class StreetraceError(Exception):
    """Something a user has to know about.

    ``message`` is one plain sentence that names the backend or file and what happened.
    ``next_step`` is one sentence that says what to do now. Neither ever holds a key,
    a prompt or source text. ``detail`` is for the log, already redacted.
    ``is_failure`` tells what broke from what was declined. ``partial`` is what a model had
    written until then, for a person to read; it may hold anything.
    """

    is_failure = True
    partial = ""

    def __init__(self, message: str, next_step: str = "", *, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.detail = detail

    @property
    def sentence(self) -> str:
        """Message and next step as shown to the user."""
        return f"{self.message} {self.next_step}".strip()
