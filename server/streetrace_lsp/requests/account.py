"""What a request came to, in words: which model answered, its tokens, its cost, and why it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streetrace_lsp.ledger.dollars import in_dollars
from streetrace_lsp.requests.display import for_reading

if TYPE_CHECKING:
    from streetrace_lsp.requests.outcome import Outcome, Reply


_TOKENS = re.compile(r"^\S[^,]*, ([\d,]+) \+ ([\d,]+) tokens(?![^,;])")

# What models put around the path of a file.
_MARKS = " \t#*`:"


@dataclass(frozen=True, slots=True)
class Told:
    """What an edit came to, as `account` says it, and the model's own words beside the edit."""

    account: str = ""
    explanation: str = ""


UNTOLD = Told()


def told(outcome: Outcome) -> Told:
    """What to tell of a job; an answer has no words beside it."""
    if outcome.plan is None:
        return Told(account(outcome.reply))
    # What says which file a block is for is no word to the person.
    words = [
        line for line in outcome.answer.splitlines() if line.strip(_MARKS) not in outcome.plan.files
    ]
    return Told(account(outcome.reply), for_reading("\n".join(words)).strip())


def account(reply: Reply) -> str:
    """For example ``openai/gpt-4o instead of claude, 1,234 + 56 tokens, $0.0036; why``."""
    parts = [_who(reply)]
    if reply.left_out:
        parts.append(f"without {' and '.join(reply.left_out)}, for which its window is too small")
    if reply.withheld:
        parts.append(f"withheld: {' and '.join(reply.withheld)}")
    said = ", ".join(parts)
    return f"{said}; {_clause(reply.why)}" if reply.why else said


def _who(reply: Reply) -> str:
    # What matters most comes first: an editor's status line may have no room for the rest.
    instead = f" instead of {reply.instead_of}" if reply.why else ""
    parts = [f"{reply.target.backend}/{reply.target.model}{instead}"]
    if reply.cached:
        parts.append("an earlier answer to the very same request")
    else:
        usage = reply.usage
        if usage is not None and usage.prompt_tokens and usage.completion_tokens:
            parts.append(f"{usage.prompt_tokens:,} + {usage.completion_tokens:,} tokens")
        if reply.cost:
            parts.append(in_dollars(reply.cost))
        if reply.asked_twice:
            parts.append("asked twice")
    return ", ".join(parts)


def with_record(answer: str, reply: Reply) -> str:
    """An answer in Markdown, with a last line about what the model did not see."""
    missing = [f"withheld {one}" for one in reply.withheld]
    missing += [f"left out {one}" for one in reply.left_out]
    if not missing:
        return answer
    return f"{answer.rstrip()}\n\n---\n\nNot sent to the model: {'; '.join(missing)}."


def signed(answer: str, reply: Reply) -> str:
    """The page of an answer: `with_record`, and who answered as below an answer in a chat."""
    why = f"; {_clause(reply.why)}" if reply.why else ""
    line = " ".join(f"> Streetrace: {_who(reply)}{why}".split())
    return f"{with_record(answer, reply).rstrip()}\n\n{line}"


def tokens_in(said: str) -> tuple[int, int] | None:
    """The tokens, sent and received, that an account tells of."""
    found = _TOKENS.search(said)
    return (_number(found[1]), _number(found[2])) if found is not None else None


def facts(reply: Reply) -> dict[str, Any]:
    """The same for programs: ``model``, ``backend``, ``usage``, ``cost`` (US dollars), …"""
    usage = reply.usage
    return {
        "model": reply.target.model,
        "backend": reply.target.backend,
        "usage": {
            "promptTokens": usage.prompt_tokens,
            "completionTokens": usage.completion_tokens,
        }
        if usage is not None
        else None,
        "cost": reply.cost / 1e9 if reply.cost is not None else None,
        "cached": reply.cached,
        "leftOut": list(reply.left_out),
        "withheld": list(reply.withheld),
        "fallback": reply.why,
    }


def job_facts(outcome: Outcome) -> dict[str, Any]:
    """The same in the last event of a job, with what a person can be told of it."""
    words = told(outcome)
    return {
        **facts(outcome.reply),
        "account": words.account,
        "explanation": words.explanation,
    }


def _number(shown: str) -> int:
    return int(shown.replace(",", ""))


def _clause(sentence: str) -> str:
    return sentence.strip().rstrip(".")
