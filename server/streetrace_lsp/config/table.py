"""The base of every configuration table, and the kinds of value that several of them share."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

EditFormat = Literal["auto", "search-replace", "selection"]
NAME_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$"
# Short enough that a name never pushes an address out of sight in a question.
Name = Annotated[str, Field(pattern=NAME_PATTERN, max_length=64)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Temperature = Annotated[float, Field(ge=0, le=2)]
Tokens = Annotated[int, Field(ge=1, le=10_000_000)]
Dollars = Annotated[float, Field(ge=0, le=1_000_000)]
Text = Annotated[str, Field(min_length=1)]
# A target, or a target and the ones to try after it.
Chain = Annotated[list[Text], Field(min_length=1, max_length=16)]


class Table(BaseModel):
    """A table of a configuration file: unknown keys are errors, and nothing is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, protected_namespaces=())
