"""The tables that limit and steer: network, budget, prices, cache, context, selector."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .table import Dollars, Seconds, Table, Text

Weight = Annotated[float, Field(ge=0, le=100)]
UnknownPrice = Literal["ask", "refuse"]
Overflow = Literal["trim", "refuse"]


class Network(Table):
    """`[network]`: how to get out. Your own file only."""

    proxy: Text | None = Field(
        default=None,
        description="The proxy for everything but this machine. When absent, HTTPS_PROXY and "
        "HTTP_PROXY of your shell.",
        examples=["http://proxy.example.org:3128"],
    )
    no_proxy: list[Text] | None = Field(
        default=None,
        description="Hosts that are reached without the proxy. When absent, NO_PROXY.",
        examples=[["intranet.example.org", ".example.net"]],
    )
    ca_bundle: Text | None = Field(
        default=None,
        description="The file with the certificates to trust. When absent, SSL_CERT_FILE or "
        "REQUESTS_CA_BUNDLE.",
        examples=["/etc/ssl/certs/company.pem"],
    )
    client_cert: Text | None = Field(
        default=None,
        description="The file with the certificate that identifies you, key included or in "
        "`client_key`.",
        examples=["~/certs/me.pem"],
    )
    client_key: Text | None = Field(
        default=None,
        description="The file with the key of `client_cert`.",
        examples=["~/certs/me.key"],
    )


class Budget(Table):
    """`[budget]`: what may be spent, in US dollars, checked before each call.

    In your own file for all that you spend; in a project's file for that project, where `day`
    and `month` mean the same as `project_day` and `project_month`. The strictest wins.
    """

    day: Dollars | None = Field(
        default=None,
        description="At most this many US dollars a day (local time); a request that could cost "
        "more is refused before it is sent. In a project file: in that project.",
        examples=[2.5],
    )
    month: Dollars | None = Field(
        default=None,
        description="At most this many dollars a calendar month. In a project file: in that "
        "project.",
        examples=[40],
    )
    project_day: Dollars | None = Field(
        default=None,
        description="At most this many dollars a day in any one project.",
        examples=[1],
    )
    project_month: Dollars | None = Field(
        default=None,
        description="At most this many dollars a calendar month in any one project.",
        examples=[20],
    )
    unknown_price: UnknownPrice | None = Field(
        default=None,
        description="What happens where a budget holds and the price of a model is not known: "
        "you are asked once (`ask`, when not set), or the request is refused (`refuse`).",
        examples=["refuse"],
    )


class Price(Table):
    """`[prices.MODEL]`: what a model costs, in US dollars per million tokens.

    A project's file never lowers a price that the user set.
    """

    input: Dollars = Field(description="US dollars for a million tokens of prompt.", examples=[3.0])
    output: Dollars = Field(
        description="US dollars for a million tokens of answer.", examples=[15.0]
    )


class Cache(Table):
    """`[cache]`: answers kept for repeated identical requests."""

    ttl: Seconds | None = Field(
        default=None,
        description="Seconds that an answer is kept on this machine and given again for the "
        "very same request. Not set: nothing is kept. Trying again asks the model.",
        examples=[3600],
    )


class Context(Table):
    """`[context]`: what goes into a prompt, and what happens when it is larger than the window."""

    overflow: Overflow | None = Field(
        default=None,
        description="What happens to a prompt that is larger than the model's window: `trim` (when "
        "not set) leaves out what stands furthest from the selection and says so; `refuse` asks "
        "nothing.",
        examples=["refuse"],
    )
    exclude: list[Text] = Field(
        default_factory=list,
        description="Files that are never sent, as patterns like those in `.gitignore`, from the "
        "workspace folder. They are added to the ignore files and to what is never sent anyway; "
        "a project's and your own count together.",
        examples=[["customers/", "*.csv"]],
    )
    rules: bool = Field(
        default=True,
        description="Whether the project's `AGENTS.md` and `.streetrace/SYSTEM.md` join what is "
        "asked, once you have agreed to them. `false` in either file leaves them out.",
        examples=[False],
    )


class Weights(Table):
    """`[model_selector.weights]`: what counts how much in a recommendation."""

    context_window: Weight = Field(
        default=30, description="How much a large window counts in a recommendation.", examples=[30]
    )
    speed: Weight = Field(
        default=25,
        description="How much the tokens per second count that were measured here.",
        examples=[25],
    )
    cost: Weight = Field(default=15, description="How much a low price counts.", examples=[15])
    quality: Weight = Field(
        default=15,
        description="How much the rank of the model's family counts, which is a fixed list.",
        examples=[15],
    )
    specialization: Weight = Field(
        default=15,
        description="How much it counts that a model is made for the task at hand, such as code.",
        examples=[15],
    )


class ModelSelector(Table):
    """`[model_selector]`: choosing a model by words, and recommendations."""

    enabled: bool = Field(
        default=True,
        description="Whether “use claude for this” at the start of an instruction chooses a "
        "configured target.",
        examples=[False],
    )
    weights: Weights = Field(default_factory=Weights)


class HostLimits(Table):
    """`[model_host]`: the process that talks to models. Your own file only."""

    memory: Annotated[int, Field(ge=128, le=1_000_000)] | None = Field(
        default=None,
        description="The memory in MiB at which the process that talks to models is replaced by a "
        "fresh one, between two requests (1024 when not set).",
        examples=[2048],
    )
