"""How large a window Ollama is asked for: as small as holds the request, and rarely changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .windows import needed_window

if TYPE_CHECKING:
    from .targets import Target

SMALLEST: Final = 8192


def step_for(needed: int, cap: int) -> int:
    """The smallest of 8k, 16k, 32k … tokens that holds ``needed``, at most ``cap``."""
    step = SMALLEST
    while step < needed and step < cap:
        step *= 2
    return min(step, cap)


class KeptWindows:
    """The windows of a session, by model. A window only grows: each change loads the model anew."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], int] = {}

    def num_ctx(
        self, target: Target, prompt_tokens: int, cap: int, loaded: int | None = None
    ) -> int:
        """The `num_ctx` for a request to an Ollama target with a prompt of this estimate.

        ``cap`` is what `window_of` gave. A `num_ctx` that the backend sets is sent as it is.
        """
        given = target.options.get("num_ctx")
        if given:
            return min(int(given), cap)
        needed = needed_window(prompt_tokens, target.options.get("max_tokens"))
        return self.choose(target.api_base or "", target.model, needed, cap, loaded)

    def choose(
        self, base: str, model: str, needed: int, cap: int, loaded: int | None = None
    ) -> int:
        """The `num_ctx` for a request that takes ``needed`` tokens, prompt and answer together.

        ``base`` is the server's address, ``cap`` what `window_of` gave for the target, and
        ``loaded`` the window with which the server holds the model already (`/api/ps`). What
        is given is smaller than ``needed`` only where ``cap`` is: then the prompt has to be cut.
        """
        window = max(step_for(needed, cap), self._kept.get((base, model), 0))
        if loaded is not None:
            window = max(window, loaded) if loaded <= cap else window
        window = min(window, cap)
        self._kept[base, model] = window
        return window

    def forget(self, base: str, model: str) -> None:
        """Starts small again: the server said that the window does not fit into its memory."""
        self._kept.pop((base, model), None)
