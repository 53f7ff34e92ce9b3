"""The last few of what a person may come back to, such as an unusable reply or a preview."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeVar

_MOST = 20

_Kept = TypeVar("_Kept")


class Recent(OrderedDict[str, _Kept]):
    """The last few of something, by id. The oldest fall out."""

    def __setitem__(self, key: str, value: _Kept) -> None:
        super().__setitem__(key, value)
        while len(self) > _MOST:
            self.popitem(last=False)
