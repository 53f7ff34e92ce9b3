"""Other tools' files as one draft: what each of them is, and what comes of them together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from .dotenv import DOTENV_NAME, parse_dotenv
from .draft import Draft, fit, store
from .find import UnreadableError, read_file
from .import_litellm import import_litellm, is_litellm
from .import_llm_yaml import import_llm_yaml, is_llm_yaml
from .import_model_lists import import_model_lists, is_model_list
from .import_variables import import_variables
from .yaml_text import Source, SourceError, parse_yaml

_KNOWN: Final = (
    "Known are LiteLLM's config.yaml (model_list), YAML with a section llm, lists of models and "
    "providers, and .env."
)


def imported(paths: Sequence[Path], folder: Path | None) -> Draft:
    """What the files say, as a draft without an error in it. Raises `SourceError`.

    Reads nothing but the files, and no value of a `.env`. ``folder``: where the project's file
    will stand, which may not hold everything; None for the user's own file.
    """
    draft = Draft()
    from_project = folder is not None
    lists: list[Source] = []
    for path in paths:
        data = _read(path)
        if path.name == ".env" or path.name.startswith(".env.") or path.suffix == ".env":
            _dotenv(path, data, draft, folder)
            continue
        source = parse_yaml(path, data)
        if is_litellm(source.data):
            import_litellm(source, draft)
        elif is_llm_yaml(source.data):
            import_llm_yaml(source, draft)
        elif is_model_list(source.data):
            lists.append(source)
        else:
            raise SourceError(f"{path} is no file that can be imported.", _KNOWN)
    if lists:
        import_model_lists(lists, draft, from_project=from_project)
    fit(draft, ", ".join(path.name for path in paths), from_project=from_project)
    return draft


def _read(path: Path) -> bytes:
    try:
        return read_file(path).data
    except FileNotFoundError:
        raise SourceError(f"{path} does not exist.", "Name the file to import.") from None
    except UnreadableError as error:
        raise SourceError(f"{path} can't be read: {error}.") from None


def _dotenv(path: Path, data: bytes, draft: Draft, folder: Path | None) -> None:
    try:
        names = {name for name, value in parse_dotenv(data.decode("utf-8-sig")).items() if value}
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8 (byte {error.start}).") from None
    used = import_variables(names.__contains__, draft)
    if folder is None or path.resolve() != folder.resolve() / DOTENV_NAME:
        draft.leave_out(
            path.name,
            "its keys",
            f"only a project's own {DOTENV_NAME} is read; store each: {store('NAME')}",
        )
    keys = [n for n in names if n.endswith(("_KEY", "_TOKEN")) and n not in used]
    for name in sorted(keys):
        draft.leave_out(path.name, name, "it is no variable of a provider that is known here")
