"""The patterns of detect-secrets, sorted by how they are used. Imports it, with all that it needs:
import this module on a thread.

``verify`` of its plugins, which asks a provider over the network, is never called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from detect_secrets.filters import heuristic
from detect_secrets.plugins.artifactory import ArtifactoryDetector
from detect_secrets.plugins.aws import AWSKeyDetector
from detect_secrets.plugins.azure_storage_key import AzureStorageKeyDetector
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.plugins.basic_auth import BasicAuthDetector
from detect_secrets.plugins.cloudant import CloudantDetector
from detect_secrets.plugins.discord import DiscordBotTokenDetector
from detect_secrets.plugins.github_token import GitHubTokenDetector
from detect_secrets.plugins.gitlab_token import GitLabTokenDetector
from detect_secrets.plugins.high_entropy_strings import (
    Base64HighEntropyString,
    HexHighEntropyString,
    HighEntropyStringsPlugin,
)
from detect_secrets.plugins.ibm_cloud_iam import IbmCloudIamDetector
from detect_secrets.plugins.ibm_cos_hmac import IbmCosHmacDetector
from detect_secrets.plugins.jwt import JwtTokenDetector
from detect_secrets.plugins.keyword import (
    CONFIG_DENYLIST_REGEX_TO_GROUP,
    QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP,
    REGEX_BY_FILETYPE,
)
from detect_secrets.plugins.mailchimp import MailchimpDetector
from detect_secrets.plugins.npm import NpmDetector
from detect_secrets.plugins.openai import OpenAIDetector
from detect_secrets.plugins.pypi_token import PypiTokenDetector
from detect_secrets.plugins.sendgrid import SendGridDetector
from detect_secrets.plugins.slack import SlackDetector
from detect_secrets.plugins.softlayer import SoftlayerDetector
from detect_secrets.plugins.square_oauth import SquareOAuthDetector
from detect_secrets.plugins.stripe import StripeDetector
from detect_secrets.plugins.telegram_token import TelegramBotTokenDetector
from detect_secrets.plugins.twilio import TwilioKeyDetector
from detect_secrets.util.filetype import determine_file_type

# Known by their form alone, wherever they stand.
_FORMS: tuple[type[RegexBasedDetector], ...] = (
    ArtifactoryDetector,
    AWSKeyDetector,
    AzureStorageKeyDetector,
    BasicAuthDetector,
    DiscordBotTokenDetector,
    GitHubTokenDetector,
    GitLabTokenDetector,
    JwtTokenDetector,
    MailchimpDetector,
    NpmDetector,
    OpenAIDetector,
    PypiTokenDetector,
    SendGridDetector,
    SlackDetector,
    SquareOAuthDetector,
    StripeDetector,
    TelegramBotTokenDetector,
    TwilioKeyDetector,
)
# Known by what stands before them in their line.
_ASSIGNED: tuple[type[RegexBasedDetector], ...] = (
    CloudantDetector,
    IbmCloudIamDetector,
    IbmCosHmacDetector,
    SoftlayerDetector,
)
_WORDS = {
    "JSON Web Token": "a JSON web token",
    "Basic Auth Credentials": "a password in an address",
}


class SecretPatterns:
    """``forms`` and ``assigned``: what a secret is called, and its pattern. ``random``: plugins
    that find quoted strings and tell how random they are."""

    def __init__(self) -> None:
        self.forms = [*_patterns_of(_FORMS)]
        self.assigned = [*_patterns_of(_ASSIGNED)]
        self.random: tuple[HighEntropyStringsPlugin, ...] = (
            Base64HighEntropyString(),
            HexHighEntropyString(),
        )

    def holds_settings(self, name: str) -> bool:
        """Whether a file of this name is one whose values need no quotes."""
        return self.keywords(name) == [*CONFIG_DENYLIST_REGEX_TO_GROUP.items()]

    def keywords(self, name: str) -> list[tuple[re.Pattern[str], int]]:
        """The patterns of named values in a file of this name, each with its group."""
        kind = determine_file_type(name)
        found = REGEX_BY_FILETYPE.get(kind, QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP)
        return [*found.items()]

    def harmless(self, value: str, line: str) -> bool:
        """Whether a value only looks like a secret: a sequence, a template, an identifier."""
        return (
            heuristic.is_sequential_string(value)
            or heuristic.is_potential_uuid(value)
            or heuristic.is_templated_secret(value)
            or heuristic.is_prefixed_with_dollar_sign(value)
            or heuristic.is_not_alphanumeric_string(value)
            or heuristic.is_likely_id_string(value, line)
        )


def _patterns_of(
    plugins: tuple[type[RegexBasedDetector], ...],
) -> Iterator[tuple[str, re.Pattern[str]]]:
    for plugin in plugins:
        made = plugin()
        kind = _WORDS.get(made.secret_type, made.secret_type)
        for regex in made.denylist:
            yield kind, regex
