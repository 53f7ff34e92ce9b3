"""The colours and letters of the picture, for light and dark pages."""

from __future__ import annotations

from typing import Final

# Told apart also with a colour-vision deficiency, and neighbours in lightness too.
_LIGHT: Final = ("#2a78d6", "#1baf7a", "#eda100", "#7a4fc9", "#e34948", "#008f9c", "#8c6d31")
_DARK: Final = ("#4a92ea", "#23a377", "#d39a1e", "#9f83ea", "#e8706c", "#2aa6b3", "#a98a4e")


def _series(colours: tuple[str, ...]) -> str:
    return "".join(f".s{n}{{fill:{colour}}}" for n, colour in enumerate(colours, start=1))


# Written out instead of variables of CSS, which some viewers of pictures lack.
STYLE: Final = (
    "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;"
    "fill:#1d1d1b;font-size:13px}"
    ".title{font-size:20px;font-weight:650}.head{font-weight:600}"
    ".sub,.note,.tick{fill:#63625d}.sub{font-size:14px}.small,.note,.tick{font-size:12px}"
    ".tick{font-variant-numeric:tabular-nums}"
    ".surface{fill:#fcfcfa}.line{stroke:#e6e5e0;fill:none}.base{stroke:#b9b8b0;fill:none}"
    ".hit{fill:#1d1d1b;fill-opacity:0}g:hover>.hit{fill-opacity:.06}"
    ".cap{fill:none;stroke:#8a8983;stroke-dasharray:2 1.5}.rest{fill:#a5a49d}"
    f"{_series(_LIGHT)}"
    "@media (prefers-color-scheme:dark){"
    "text{fill:#f0efec}.sub,.note,.tick{fill:#a9a8a2}"
    ".surface{fill:#1b1b1a}.line{stroke:#31312f}.base{stroke:#5a5955}"
    ".hit{fill:#fff}.cap{stroke:#a9a8a2}.rest{fill:#7a7973}"
    f"{_series(_DARK)}}}"
)
