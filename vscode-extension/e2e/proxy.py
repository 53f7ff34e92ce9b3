"""The real LiteLLM Proxy for the end-to-end tests: ``proxy.py FOLDER``.

Writes its port and its key as a line of JSON when it is ready, and ends with standard input.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parents[1] / "tests")]

from record import FILE, fixed  # noqa: E402

from backends.proxy import running_proxy  # noqa: E402

# Nobody listens there: every model that is asked has its answer.
NOWHERE = "http://127.0.0.1:9/v1"


def main(folder: Path) -> None:
    text = (HERE / "project" / FILE).read_text(encoding="utf-8")
    mocks = {"fixer": fixed(text), "talker": "The proxy says: it writes a *receipt*.\n"}
    with running_proxy(folder, NOWHERE, mocks) as proxy:
        print(json.dumps({"port": proxy.port, "key": proxy.key}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
