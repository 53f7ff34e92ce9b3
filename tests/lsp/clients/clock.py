"""The time of one editor: it moves only when a test moves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Timer:
    """A callback that is due at a time of the editor's clock."""

    due: float
    callback: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        """Never call it."""
        self.cancelled = True


@dataclass
class Clock:
    """Seconds since the editor started, as far as the test let them pass."""

    now: float = 0.0
    timers: list[Timer] = field(default_factory=list)

    def after(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call back when the test has let that many seconds pass."""
        timer = Timer(self.now + seconds, callback)
        self.timers.append(timer)
        return timer

    def advance(self, seconds: float) -> None:
        """Let time pass: everything due until then happens, in its order."""
        end = self.now + seconds
        while due := [timer for timer in self.timers if timer.due <= end]:
            timer = min(due, key=lambda timer: timer.due)
            self.timers.remove(timer)
            self.now = timer.due
            if not timer.cancelled:
                timer.callback()
        self.now = end
