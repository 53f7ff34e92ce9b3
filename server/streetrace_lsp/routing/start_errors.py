"""Why a local model server did not start, told by what it printed.

vLLM, llama-server and the LiteLLM Proxy each say it in the middle of a long log. Each entry
of the table stands for one thing that a person can mend.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class _Cause:
    pattern: re.Pattern[str]
    message: str
    next_step: str


def _cause(pattern: str, message: str, next_step: str) -> _Cause:
    return _Cause(re.compile(pattern, re.IGNORECASE), message, next_step)


# In this order: a log that tells of a missing driver also tells of what followed from it, and
# llama-server ends every log with "failed to load model".
_CAUSES: Final = (
    _cause(
        r"address already in use|couldn't bind|\[errno (?:98|48|10048)\]",
        "Its port is already taken by another program.",
        "Stop that program, or give the server {port} instead of a fixed port.",
    ),
    _cause(
        r"failed to infer device type|no cuda gpus are available|found no nvidia driver"
        r"|lib(?:cuda|cudart|nvrtc|cublas)\S*: cannot open shared object"
        r"|nvidia driver on your system is too old|cuda driver version is insufficient"
        r"|torch not compiled with cuda|cuda_home (?:environment variable )?is not set"
        r"|no kernel image is available",
        "CUDA is not properly installed, or it finds no graphics card.",
        "Check with `nvidia-smi` that the driver sees the card, and install the CUDA that this "
        "server was built for.",
    ),
    _cause(
        r"no available memory for the cache blocks"
        r"|kv cache is needed, which is larger than the available"
        r"|larger than the maximum number of tokens that can be stored in kv cache",
        "The graphics card has no room left for the model's whole context window.",
        "Add --max-model-len with a smaller window to launch, raise gpu_memory_utilization if "
        "nothing else uses the card, or choose a smaller model.",
    ),
    _cause(
        r"free memory on device\b.{0,80}less than desired gpu memory utilization"
        r"|cuda(?: error:)? out of memory|cudamalloc failed|torch\.(?:cuda\.)?outofmemoryerror"
        r"|hip out of memory|insufficient memory.{0,40}metal",
        "The graphics card has too little free memory.",
        "Reduce gpu_memory_utilization, close what else uses the card (`nvidia-smi` shows it), "
        "or choose a smaller model.",
    ),
    _cause(
        r"failed to allocate (?:buffer|memory)|unable to allocate|cannot allocate memory"
        r"|std::bad_alloc|failed to mmap|not enough (?:system )?memory",
        "This machine has too little free memory for the model.",
        "Choose a smaller model or a smaller window, or close other programs.",
    ),
    _cause(
        r"architectures? .{0,120}(?:not|isn't) supported|unknown model architecture",
        "This server does not know this kind of model.",
        "Update the server, or choose a model that it supports.",
    ),
    _cause(
        r"(?:can't|cannot|couldn't) load (?:the )?tokenizer|tokenizer\S* (?:is|was) not found",
        "The tokenizer's files are missing.",
        "Check that tokenizer_path is the absolute path of a folder with the tokenizer's files, "
        "or leave it out when they lie beside the model.",
    ),
    _cause(
        r"does not appear to have a file named|is not a local folder|repo id must be in the form"
        r"|(?:can't|cannot|couldn't) load the configuration|couldn't connect to 'https://huggingface"
        r"|cannot find the requested files|failed to open (?:gguf )?file"
        r"|failed to load model|error loading model|no such file or directory"
        r"|incorrect path_or_model|invalid repository id or local directory",
        "The model's files are missing, or can't be read.",
        "Check that model_path is the absolute path of the downloaded model: a folder for vLLM, "
        "a GGUF file for llama-server.",
    ),
    _cause(
        r"bfloat16 is only supported on gpus",
        "The graphics card can't compute in the model's number format.",
        "Add --dtype=half to launch.",
    ),
    _cause(
        r"contains custom code which must be executed|requires you to execute the configuration"
        r"|set the option `?trust_remote_code",
        "The model wants to run code of its own, which it would bring along.",
        "Choose a model that needs none.",
    ),
    _cause(
        r"unrecognized arguments?|invalid argument:|no such option|unknown argument",
        "It does not know one of its arguments.",
        "Compare launch with what the program's --help lists.",
    ),
    _cause(
        r"yaml\.\w+|scannererror|parsererror|config file not found|error loading config",
        "Its configuration file can't be read.",
        "Check the path and the syntax of config.yaml.",
    ),
    _cause(
        r"can't reach database server|connection to server at .{0,80} failed|prisma\S*error"
        r"|p1001",
        "It can't reach its database.",
        "Start PostgreSQL, wait until it is ready (`pg_isready`), and check DATABASE_URL.",
    ),
    _cause(
        r"modulenotfounderror|no module named|missing dependency",
        "A part of the program is not installed.",
        "Install it again with its server part, for example `pip install 'litellm[proxy]'` or "
        "`pip install vllm`.",
    ),
)
_CONSOLE: Final = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_PREFIX: Final = re.compile(r"^(?:\([^()]{1,60}\)\s*|\[[^\]]{1,60}\]\s*|\d[\d:.,TZ+-]*\s+)+")
_TELLING: Final = re.compile(r"error|fail|fatal|exception|abort|denied|killed", re.IGNORECASE)
_LONGEST_LINE: Final = 240


def explain_start(text: str) -> tuple[str, str]:
    """What a server's start-up output says: what happened, and what to do now.

    Both are sentences that name no backend; whoever shows them puts its name before them. For
    output that is not known, the last line that tells of an error is quoted.
    """
    plain = _CONSOLE.sub("", text)
    for cause in _CAUSES:
        if cause.pattern.search(plain):
            return cause.message, cause.next_step
    line = _last_telling_line(plain)
    if line is None:
        return (
            "It ended without a word.",
            "Run the command of launch in a terminal, and see what it says.",
        )
    return f"It said: {line}", "Run the command of launch in a terminal to see all it says."


def _last_telling_line(text: str) -> str | None:
    lines = [_PREFIX.sub("", line.strip()) for line in text.splitlines()]
    lines = [line for line in lines if any(character.isalnum() for character in line)]
    telling = [line for line in lines if _TELLING.search(line)]
    last = (telling or lines)[-1:]
    return last[0][:_LONGEST_LINE] if last else None
