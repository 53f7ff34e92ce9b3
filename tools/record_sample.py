"""Write the sample project's recordings anew, after a change of the prompts.

The answers below were chosen by hand; the requests are what the server sends for them.
"""

from __future__ import annotations

from pathlib import Path

from streetrace_lsp.modelhost.recordings import record
from streetrace_lsp.prompts.actions import BUILT_IN
from streetrace_lsp.prompts.build import Ask, Snapshot, build

SAMPLE = Path(__file__).parents[1] / "server" / "streetrace_lsp" / "cli" / "sample"

FIX = '''\
```
def total(items: list[Item], discount: float = 0.0) -> float:
    """The price of all items, less a discount in percent."""
    result = 0.0
    for item in items:
        result += item.price * item.quantity
    return result * (1 - discount / 100)
```

The quantity was ignored, and the discount was subtracted as an amount instead of a percentage.
'''
EXPLAIN = """\
`total` adds up what the items cost and takes the discount off.

- Each item counts with its price times its quantity.
- `discount` is a percentage: `total(items, 10)` is a tenth cheaper. Nothing checks that it lies \
between 0 and 100.
- Sums of `float` can be off by a fraction of a cent. For money, `decimal.Decimal` is safer.
"""


def main() -> None:
    for old in (SAMPLE / "recordings").glob("*.json"):
        old.unlink()
    text = (SAMPLE / "prices.py").read_text(encoding="utf-8")
    fixed = text.replace("item.price\n", "item.price * item.quantity\n").replace(
        "result - discount", "result * (1 - discount / 100)"
    )
    for name, source, answer in (("fix", text, FIX), ("explain", fixed, EXPLAIN)):
        action = next(action for action in BUILT_IN if action.name == name)
        start, end = source.index("def total"), source.index("\n\ndef receipt")
        ask = Ask(action, Snapshot("prices.py", source, "python"), start, end)
        written = record(
            SAMPLE / "recordings",
            "recorded",
            build(ask).messages,
            chunks=answer.splitlines(keepends=True),
        )
        print(written.name)


if __name__ == "__main__":
    main()
