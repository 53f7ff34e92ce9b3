"""From a model's whole reply to a checked plan over every file it speaks of."""

from __future__ import annotations

from streetrace_lsp.edits import plan
from streetrace_lsp.edits.confirm import reasons
from streetrace_lsp.prompts.build import Prompt
from streetrace_lsp.requests.outcome import Outcome, RefusedError, Reply
from streetrace_lsp.requests.outgoing import Outgoing
from streetrace_lsp.requests.without_line import without_line


def plan_reply(sent: Outgoing, prompt: Prompt, received: Reply) -> Outcome:
    """The plan that the reply means. Raises `RefusedError` unless all of it is certain."""
    ask = sent.ask
    path, text = ask.snapshot.path, ask.snapshot.text
    bases = {**ask.others(received.text), path: text}
    found = plan(
        received.text,
        bases,
        selection=(path, ask.start, ask.end),
        default_path=path,
        finished=received.finished,
    )
    if ask.comment is not None and not found.refusals:
        found = without_line(found, path, text, ask.comment)
    found = sent.put_back(found, bases)
    bases = {**bases, path: sent.asked.snapshot.text}
    backend = received.target.backend
    if found.refusals:
        first = found.refusals[0]
        more = f" (and {len(found.refusals) - 1} more)" if len(found.refusals) > 1 else ""
        raise RefusedError(
            f"The answer of {backend} can't be applied safely: {first.message}{more}",
            "Nothing was changed. Try again, or look at the answer.",
            partial=received.text,
            refusals=found.refusals,
        )
    if not found.files and received.text.strip() == found.prose.strip():
        raise RefusedError(
            f"The answer of {backend} holds no edit in a form that Streetrace can read.",
            "Look at the answer, say more exactly what you want, or choose another model.",
            partial=received.text,
        )
    if not any(bases.get(name) != new for name, new in found.files.items()):
        raise RefusedError(
            f"{backend} proposed no change.",
            "Say more exactly what you want, or choose another action.",
            partial=received.text,
        )
    confirm = [
        *found.confirm,
        *(
            reason
            for name, new in found.files.items()
            for reason in reasons(name, bases.get(name), new)
        ),
    ]
    return Outcome(received, prompt, found, tuple(confirm), bases)
