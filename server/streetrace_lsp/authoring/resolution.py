"""What a target string in a configuration file comes to. Contacts nobody, looks up no key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from streetrace_lsp.config.pools import pool_of
from streetrace_lsp.config.target_strings import Choice, TargetError, choose
from streetrace_lsp.routing.prices import PriceOf, price_for
from streetrace_lsp.routing.targets import Target
from streetrace_lsp.routing.windows import window_of

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration


@dataclass(frozen=True, slots=True)
class Resolution:
    """``provider``: its title. ``window`` in tokens. None: not known."""

    provider: str
    model: str
    window: int | None
    price: PriceOf | None
    note: str = ""
    local: bool = False


def resolve_target(configuration: Configuration, target: str, task: str) -> Resolution | str:
    """What ``target`` means for ``task``, or a sentence that says why it means nothing.

    Reads LiteLLM's table at the first call: make that one on a thread.
    """
    settings = configuration.written or configuration.settings
    pool = pool_of(settings, target)
    if pool is not None:
        return f"The least busy of {', '.join(pool)}."
    try:
        choice = choose(target, settings, task, own_base=False)
    except TargetError as error:
        return error.sentence
    return _facts(configuration, choice, target)


def resolve_model(configuration: Configuration, backend: str, model: str) -> Resolution | None:
    """What is known of a model that a backend names; None where its provider isn't known."""
    found = resolve_target(configuration, f"{backend}/{model}", "edit")
    return found if isinstance(found, Resolution) else None


def short(found: Resolution) -> str:
    """Provider, model and window in a few words."""
    window = f" · {_thousands(found.window)}" if found.window else ""
    return f"{found.provider} {found.model}{window}"


def in_words(found: Resolution) -> list[str]:
    """What is known of it: one line for each thing."""
    lines = [f"{found.provider}, model `{found.model}`"]
    lines.append(f"Window: {found.window:,} tokens" if found.window else "Window: not known")
    if found.price is None:
        lines.append("Price: not known")
    elif not found.price.input and not found.price.output:
        lines.append("Price: free")
    else:
        lines.append(
            f"Price: ${found.price.input:g} per million tokens of prompt, "
            f"${found.price.output:g} of answer"
        )
    return [*lines, found.note] if found.note else lines


def _facts(configuration: Configuration, choice: Choice, wanted: str) -> Resolution:
    settings = configuration.written or configuration.settings
    backend = settings.backends.get(choice.backend or "")
    deployment = backend.deployments.get(choice.role or "") if backend is not None else None
    local = _is_local(choice, backend.api_base if backend is not None else None)
    target = Target(
        choice.backend or choice.provider.name,
        choice.provider.name,
        choice.model,
        choice.provider.adapter,
        options={"num_ctx": backend.num_ctx} if backend is not None and backend.num_ctx else {},
        local=local,
        priced_as=deployment.model if deployment is not None else None,
    )
    whole = replace(configuration, settings=settings)
    return Resolution(
        choice.provider.title,
        choice.model,
        window_of(whole, target),
        price_for(whole, target, wanted=wanted),
        choice.note,
        local,
    )


def _is_local(choice: Choice, api_base: str | None) -> bool:
    from streetrace_lsp.routing.origins import parse_address

    address = api_base or choice.provider.base
    if address is None:
        return choice.provider.adapter == "replay"
    try:
        return parse_address(address).origin.loopback
    except ValueError:
        return False


def _thousands(tokens: int) -> str:
    """A number of tokens as people say it."""
    if tokens >= 1_000_000:
        return f"{tokens / 1_000_000:.1f}M".replace(".0M", "M")
    return f"{round(tokens / 1000)}k" if tokens >= 1000 else str(tokens)
