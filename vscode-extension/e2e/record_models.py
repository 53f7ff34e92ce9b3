"""Writes the recorded answers of the models' story: ``record_models.py PROJECT``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from streetrace_lsp.modelhost.recordings import record

ASKED = {"role": "user", "content": "What is the weather in Rome?"}
CALL = {"id": "call_1", "name": "weather", "arguments": '{"city": "Rome"}'}
# As VS Code writes the arguments that it was given.
SAID = {"name": "weather", "arguments": '{"city":"Rome"}'}


def main(project: Path) -> None:
    recordings = project / "recordings"
    hello = [{"role": "user", "content": "Say hello."}]
    record(recordings, "quick", hello, chunks=["Hel", "lo."])
    called = record(recordings, "careful", [ASKED], chunks=[], finish_reason="tool_calls")
    found: dict[str, Any] = json.loads(called.read_text("utf-8"))
    found["reply"]["tool_calls"] = [CALL]
    called.write_text(json.dumps(found), "utf-8")
    used = {"role": "assistant", "content": "", "tool_calls": [{"id": "call_1", "function": SAID}]}
    result = {"role": "tool", "tool_call_id": "call_1", "content": "18 degrees, rain"}
    record(recordings, "careful", [ASKED, used, result], chunks=["It rains ", "in Rome."])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
