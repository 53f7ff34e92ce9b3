"""A model that exists in one region alone says so itself."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from streetrace_lsp.config.members import Member

# arn:PARTITION:bedrock:REGION:ACCOUNT:RESOURCE, behind one of LiteLLM's route names or none.
_ARN: Final = re.compile(r"(?:^|/)arn:[^:/]*:bedrock:([a-z0-9-]+):")


def in_its_region(member: Member, model: str) -> Member:
    """``member`` in the region that the ARN ``model`` names; as it is for any other model."""
    found = _ARN.search(model)
    if found is None or member.backend.provider not in ("bedrock", "aws"):
        return member
    return replace(member, backend=member.backend.model_copy(update={"region": found[1]}))
