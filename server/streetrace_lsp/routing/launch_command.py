"""What `launch` starts: the command with everything filled in, checked, and its environment."""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .events import BackendError

if TYPE_CHECKING:
    from streetrace_lsp.config.backend import Backend

_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
_KNOWN: Final = ("port", "model_path", "tokenizer_path", "gpu_memory_utilization")
# The started program is the user's own, yet no business of it are the keys of other providers:
# it gets what programs need to run, what steers graphics cards and model servers, and nothing
# whose name speaks of a secret.
_PASSED: Final = frozenset(
    {
        *("HOME", "LANG", "LOGNAME", "PATH", "SHELL", "TZ", "USER"),
        *("TEMP", "TMP", "TMPDIR"),
        *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "VIRTUAL_ENV"),
        *("APPDATA", "COMSPEC", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "NUMBER_OF_PROCESSORS"),
        *("PATHEXT", "PROGRAMDATA", "PROGRAMFILES", "SYSTEMDRIVE", "SYSTEMROOT", "USERPROFILE"),
        "WINDIR",
    }
)
_PASSED_BEGINNINGS: Final = (
    *("LC_", "XDG_", "CONDA_"),
    *("CUDA", "NVIDIA_", "NCCL_", "CUBLAS_", "CUDNN_"),
    *("AMD_", "GPU_", "HIP_", "HSA_", "MIOPEN_", "RCCL_", "ROCM_", "ROCR_"),
    *("ONEAPI_", "SYCL_", "ZE_", "VK_", "METAL_", "MTL_", "MLX_"),
    *("GGML_", "LLAMA_", "VLLM_", "HF_", "HUGGINGFACE_", "TRANSFORMERS_", "TOKENIZERS_"),
    *("FLASHINFER_", "PYTORCH_", "RAY_", "SGLANG_", "TORCH", "TRITON_"),
    *("GOMP_", "KMP_", "MKL_", "OMP_", "OPENBLAS_"),
)
_SECRET: Final = re.compile(r"KEY|TOKEN(?!IZERS)|SECRET|PASSW|CREDENTIAL|AUTH", re.IGNORECASE)


class StartError(BackendError):
    """A local server that did not start, or does not stay alive."""

    def __init__(self, message: str, next_step: str, *, detail: str = "") -> None:
        super().__init__("start", message, next_step, detail=detail)


def fixed_port(name: str, backend: Backend) -> int | None:
    """The port that the configuration gives the server; None where a free one is to be chosen.

    Raises ``StartError`` where nobody would know the port.
    """
    from streetrace_lsp.config.origins import parse_address

    if backend.api_base is None:
        if any("{port}" in word for word in backend.launch or ()):
            return None
        raise StartError(
            f'Backend "{name}": launch does not tell the server its port.',
            'Add "--port", "{port}" to launch, or set api_base to the port that it uses.',
        )
    try:
        origin = parse_address(backend.api_base).origin
    except ValueError as error:
        raise StartError(
            f'Backend "{name}": api_base is not an address that can be used: {error}.',
            "Leave it out: a free port is chosen.",
        ) from None
    if not origin.loopback:
        raise StartError(
            f'Backend "{name}": launch starts a server on this machine, and api_base names '
            f"{origin.host}.",
            "Leave out one of the two.",
        )
    return origin.port


def command(name: str, backend: Backend, port: int, environment: Mapping[str, str]) -> list[str]:
    """The program, as an absolute path, and its arguments, every path in them checked.

    ``environment`` is the program's (see `environment_for`). Raises ``StartError``.
    """
    values: dict[str, str | None] = {
        "port": str(port),
        "model_path": backend.model_path,
        "tokenizer_path": backend.tokenizer_path or backend.model_path,
        "gpu_memory_utilization": None
        if backend.gpu_memory_utilization is None
        else f"{backend.gpu_memory_utilization:g}",
    }
    for key in ("model_path", "tokenizer_path"):
        path = getattr(backend, key)
        if path is not None:
            _check_path(name, key, path)
    first, *rest = [_filled(name, word, values) for word in backend.launch or ()]
    return [_program(name, first, environment), *rest]


def environment_for(own: Mapping[str, str]) -> dict[str, str]:
    """What a started program sees of our ``own`` environment."""
    passed = {name: value for name, value in own.items() if _may_pass(name.upper())}
    if "PATH" in passed:
        # "." and "" would be the folder of somebody's project.
        entries = passed["PATH"].split(os.pathsep)
        passed["PATH"] = os.pathsep.join(entry for entry in entries if Path(entry).is_absolute())
    return passed


def neutral_folder() -> str:
    """Where a program is started: the user's own folder, never one of a project.

    ``python -m`` and Windows look for programs and modules in the working folder first.
    """
    home = Path.home()
    return str(home) if home.is_dir() else home.anchor


def _may_pass(name: str) -> bool:
    known = name in _PASSED or name.startswith(_PASSED_BEGINNINGS)
    return known and not _SECRET.search(name)


def _filled(name: str, word: str, values: Mapping[str, str | None]) -> str:
    def value(match: re.Match[str]) -> str:
        key = match[1]
        if key not in _KNOWN:
            known = ", ".join(f"{{{one}}}" for one in _KNOWN)
            raise StartError(
                f'Backend "{name}": {match[0]} in launch stands for nothing.',
                f"Known are {known}.",
            )
        found = values[key]
        if found is None:
            missing = "model_path" if key == "tokenizer_path" else key
            raise StartError(
                f'Backend "{name}": launch uses {match[0]}, and {missing} is not set.',
                f"Set {missing} under [backends.{name}].",
            )
        return found

    # In one pass: what a path contains is not filled in again.
    return _PLACEHOLDER.sub(value, word)


def _check_path(name: str, key: str, text: str) -> None:
    path = Path(text)
    where = f'Backend "{name}": {key}'
    if not path.is_absolute():
        whole = Path(text).expanduser() if text.startswith("~") else Path.home() / text
        raise StartError(
            f"{where} is not an absolute path: {text}.", f"Write it in full, like {whole}."
        )
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
        # A folder must be entered as well as listed.
        readable = os.access(path, os.R_OK | os.X_OK if is_folder else os.R_OK)
    except PermissionError:
        readable = False
    except OSError:
        raise StartError(
            f"{where} does not exist: {text}.", "Correct the path, or download the model there."
        ) from None
    if not readable:
        raise StartError(
            f"{where} can't be read: {text}.", "Give yourself the right to read it (chmod u+r)."
        )


def _program(name: str, word: str, environment: Mapping[str, str]) -> str:
    path = Path(word)
    if path.is_absolute():
        found = shutil.which(word)
    elif len(path.parts) > 1:
        raise StartError(
            f'Backend "{name}": the program in launch is a relative path: {word}.',
            "Write its absolute path, or its name alone if it is on your PATH.",
        )
    else:
        found = shutil.which(word, path=environment.get("PATH", ""))
    if found is None or not Path(found).is_absolute():
        raise StartError(
            f'Backend "{name}": the program {word} in launch was not found, or can\'t be run.',
            "Install it, or write its absolute path. Editors started from a desktop see no "
            "PATH of a shell.",
        )
    return found
