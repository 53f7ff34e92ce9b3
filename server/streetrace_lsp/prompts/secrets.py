"""Where in a text a secret stands, as far as its form or its name gives it away. Offline.

The forms are those of detect-secrets, and of keys that are newer than its rules. Its plugins can
ask a provider whether a key works: they are never called for that, only their patterns are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from streetrace_lsp.prompts.private_keys import key_lines

if TYPE_CHECKING:
    from streetrace_lsp.prompts.secret_patterns import SecretPatterns

# Lines longer than this are looked at piece by piece: some patterns take time by the square.
_PIECE: Final = 2000
# Pieces overlap by this much, so that a secret at a seam is whole in one of them.
_OVERLAP: Final = 512
_LEAST_NAMED: Final = 4
# Texts up to this length are remembered.
_SHORT: Final = 8192

_QUOTES: Final = ("'", '"', "`")
# What a value without quotes may be instead of a secret: a call, or a look-up.
_CALL: Final = re.compile(r"[\w.-]+[\[(].*[\])]")
_WORD: Final = re.compile(r"[A-Za-z0-9_+/=-]*")
_JWT_REST: Final = re.compile(r"[A-Za-z0-9_+/=.-]*")
# Lines in which a name may say that a secret follows.
_NAMING: Final = re.compile(r"key|pass|pwd|secret|contrase|token|credential|auth", re.IGNORECASE)
# Between a name and its quoted value: a sign, or a type as in ``password: str = "…"``.
_ASSIGNED: Final = r"\w*[\"'\]]*\s*(?::=|=>|[:=]=*|:[^=\"'`,;(){}\n]{1,60}=)\s*"
_TOKEN_NAME: Final = re.compile(
    rf"(?:token|credentials?|passphrase|authorization){_ASSIGNED}"
    r"([\"'`])(?P<secret>[^\s\"'`]{8,})\1",
    re.IGNORECASE,
)
# What detect-secrets finds by name, where something stands in between; and PHP's constants.
_KEYS: Final = r"(?:password|passwd|pwd|secret|(?:api|auth|service|priv|private|client)_?key)"
_SECRET_NAME: Final = re.compile(
    rf"(?:{_KEYS}{_ASSIGNED}|define\(\s*[\"']\w*{_KEYS}\w*[\"']\s*,\s*)"
    r"([\"'`])(?P<secret>[^\s\"'`]{4,})\1",
    re.IGNORECASE,
)
# A line of a configuration file whose value has no quotes.
_SETTING: Final = re.compile(
    r"^[ \t>+-]*(?:export[ \t]+)?[\w.-]*?"
    r"(?:token|credentials?|authorization|(?P<short>(?<![a-z])pass(?:phrase)?))[ \t]*[:=][ \t]*"
    r"(?P<secret>[^\s\"'`#;,{}\[\]()$<>|*&!/.~][^\s\"']{3,})[ \t]*(?:[#;].*)?$",
    re.IGNORECASE,
)
# RFC 3986, 3.2.1: also without a user, and with signs that should have been escaped.
_ADDRESS: Final = re.compile(r"://[^\s/:@\"'`<>]*:(?P<secret>[^\s/@\"'`<>{}]{3,})@")
_BEARER: Final = re.compile(r"\bbearer\s+(?P<secret>[A-Za-z0-9._~+/-]{16,}=*)", re.IGNORECASE)
# Values without quotes that detect-secrets does not look at, by where their names stand: in a shell
# or a Dockerfile (also as a line of a diff), in an address, in XML, in a header.
_UNQUOTED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"^[+\- ]?(?:export +|ENV +|ARG +|\s*- )?[A-Z][A-Z0-9_]*"
        r"(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PWD|CREDENTIALS?)"
        r"(?:=|(?<=[A-Z])(?<!=) +(?=\S+$))(?P<secret>[^\s\"'`$(){}\[\],;<>]{6,})$",
        r"(?i)[?&](?:api_?key|access_?token|auth_?token|token|key|secret|password|sig)="
        r"(?P<secret>[A-Za-z0-9._~%+/-]{8,})",
        r"(?i)<(?P<name>password|passwd|secret|token|api_?key)>\s*(?P<secret>[^<\s]{4,})\s*</(?P=name)>",
        r"(?i)authorization[\"']?\s*[:=]\s*[\"']?basic\s+(?P<secret>[A-Za-z0-9+/]{8,}=*)",
    )
)
# What detect-secrets 1.5 does not know: the keys of model providers, and newer ones of others.
_NEWER: Final = re.compile(
    r"(?<![A-Za-z0-9])(?P<secret>"
    r"(?:sk|pk|rk)-[A-Za-z0-9_-]{20,}|(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}"
    r"|AIza[A-Za-z0-9_-]{35}|gsk_[A-Za-z0-9]{32,}|xai-[A-Za-z0-9]{32,}|hf_[A-Za-z0-9]{30,}"
    r"|r8_[A-Za-z0-9]{32,}|pplx-[A-Za-z0-9]{32,}|gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{36,}|dapi[a-f0-9]{32}"
    r"|dop_v1_[a-f0-9]{64}|shpat_[a-fA-F0-9]{32}|xox[a-z]-[A-Za-z0-9-]{16,}|npm_[A-Za-z0-9]{36}"
    r"|glpat-[A-Za-z0-9_.-]{20,}|ya29\.[A-Za-z0-9_-]{20,}|whsec_[A-Za-z0-9+/=]{24,}"
    r")"
)
_DIFF: Final = re.compile(r"^diff --git [^\n]*$", re.MULTILINE)
_PLAIN: Final = {
    "Secret Keyword": "a value with the name of a secret",
    "Base64 High Entropy String": "random characters",
    "Hex High Entropy String": "random digits",
    "JSON Web Token": "a JSON web token",
    "Basic Auth Credentials": "a password in an address",
}


@dataclass(frozen=True, slots=True, order=True)
class Secret:
    """A secret at ``[start, end)``; ``kind`` says in words what gave it away."""

    start: int
    end: int
    kind: str


def find_secrets(text: str, name: str = "") -> list[Secret]:
    """The secrets in ``text``: sorted, apart from each other. ``name``: of its file, if it is one.

    The first call imports the patterns; a text of 200 KB takes a part of a second. What was found
    in short texts is remembered: those of a conversation are sent again with every question.
    """
    return list(_in_short(text, name)) if len(text) <= _SHORT else _in(text, name)


@lru_cache(maxsize=1024)
def _in_short(text: str, name: str) -> tuple[Secret, ...]:
    return tuple(_in(text, name))


def _in(text: str, name: str) -> list[Secret]:
    found = [Secret(*one) for one in key_lines(text)]
    for begin, part, named in _files(text, name):
        for offset, piece in _pieces(part):
            at = begin + offset
            for one in (*_by_form(piece), *_by_name(piece, named)):
                found.append(Secret(at + one.start, at + _whole(piece, one), one.kind))
    return apart(found)


def _files(text: str, name: str) -> Iterator[tuple[int, str, str]]:
    """The text, or the files of a diff of git's: where each begins, its part, and its name."""
    heads = [*_DIFF.finditer(text)]
    begins = [head.start() for head in heads]
    if not heads:
        yield 0, text, name
        return
    if begins[0] > 0:
        yield 0, text[: begins[0]], name
    for head, end in zip(heads, [*begins[1:], len(text)], strict=True):
        # It ends with the path.
        yield head.start(), text[head.start() : end], head[0].rstrip('"')


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in runs of lines, and each line that is too long in overlapping pieces."""
    begin = at = 0
    for line in text.splitlines(keepends=True):
        if len(line) > _PIECE:
            if at > begin:
                yield begin, text[begin:at]
            step = _PIECE - _OVERLAP
            for start in range(0, max(1, len(line) - _OVERLAP), step):
                yield at + start, line[start : start + _PIECE]
            begin = at + len(line)
        at += len(line)
    if at > begin:
        yield begin, text[begin:at]


def _by_form(text: str) -> Iterator[Secret]:
    for match in _NEWER.finditer(text):
        yield Secret(*match.span("secret"), "an access key")
    for match in _BEARER.finditer(text):
        yield Secret(*match.span("secret"), "an access token")
    patterns = _patterns()
    for match in _ADDRESS.finditer(text):
        if not patterns.harmless(match["secret"], "") and not match["secret"].startswith("%("):
            yield Secret(*match.span("secret"), _PLAIN["Basic Auth Credentials"])
    for kind, regex in patterns.forms:
        for match in regex.finditer(text):
            whole = _span(match) if kind != _PLAIN["Basic Auth Credentials"] else match.span(1)
            yield _trimmed(text, *whole, kind)
    for plugin in patterns.random:
        kind = _PLAIN[plugin.secret_type]
        for match in plugin.regex.finditer(text):
            value = match[2]
            if plugin.calculate_shannon_entropy(value) > plugin.entropy_limit:
                start = match.start(2)
                if not patterns.harmless(value, _line(text, start)):
                    yield Secret(start, start + len(value), kind)


def _by_name(text: str, name: str) -> Iterator[Secret]:
    """Values whose name says what they are; the lines are few that name anything of the kind."""
    patterns = _patterns()
    at = 0
    for line in text.splitlines(keepends=True):
        if _NAMING.search(line):
            for kind, regex in patterns.assigned:
                for match in regex.finditer(line):
                    start, end = _span(match)
                    yield Secret(at + start, at + end, kind)
            for start, end in _named(line, name):
                yield Secret(at + start, at + end, _PLAIN["Secret Keyword"])
        at += len(line)


def _named(line: str, name: str) -> Iterator[tuple[int, int]]:
    patterns = _patterns()
    rest = line.rstrip("\r\n")
    for pattern in _UNQUOTED:
        for match in pattern.finditer(rest):
            if not patterns.harmless(match["secret"], ""):
                yield match.span("secret")
    for match in _TOKEN_NAME.finditer(rest):
        if not patterns.harmless(match["secret"], rest):
            yield match.span("secret")
    for match in _SECRET_NAME.finditer(rest):
        if not patterns.harmless(match["secret"], ""):
            yield match.span("secret")
    setting = _SETTING.match(rest) if patterns.holds_settings(name) else None
    if setting is not None and _is_secret(setting):
        yield setting.span("secret")
    for regex, group in patterns.keywords(name):
        for match in regex.finditer(rest):
            start, end = match.span(group)
            looked_up = rest[start - 1 : start] not in _QUOTES and _CALL.match(match[group])
            if looked_up or end - start < _LEAST_NAMED or patterns.harmless(match[group], ""):
                continue
            yield start, end


def _is_secret(setting: re.Match[str]) -> bool:
    """Whether the value of a setting may be a secret, and not a word, a number or an address."""
    value = setting["secret"]
    if "://" in value or value.isdigit() or _patterns().harmless(value, ""):
        return False
    return bool(setting["short"]) or (len(value) >= 8 and any(map(str.isdigit, value)))


def _span(match: re.Match[str]) -> tuple[int, int]:
    """The group that is the secret, or all of it where groups only hold a part of its form."""
    groups = [
        match.span(number) for number in range(1, (match.re.groups or 0) + 1) if match[number]
    ]
    longest = max(groups, key=lambda span: span[1] - span[0], default=(0, 0))
    if longest[1] - longest[0] >= 16:
        return longest
    return match.span()


def _trimmed(text: str, start: int, end: int, kind: str) -> Secret:
    """Without the blanks, quotes and signs of an assignment that some patterns take along."""
    while start < end and text[start] in " \t\r\n\"'=:":
        start += 1
    while start < end and text[end - 1] in " \t\r\n\"'":
        end -= 1
    return Secret(start, end, kind)


def _whole(text: str, found: Secret) -> int:
    """Where the secret ends: some patterns stop short, and a seam may have cut it."""
    rest = _JWT_REST if found.kind == _PLAIN["JSON Web Token"] else _WORD
    if found.kind in {_PLAIN["Secret Keyword"], _PLAIN["Basic Auth Credentials"]}:
        return found.end
    match = rest.match(text, found.end)
    return match.end() if match else found.end


def _line(text: str, at: int) -> str:
    """What stands before ``at`` in its line, and a little behind it."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return text[start : end if end >= 0 else len(text)]


def apart(found: Iterable[Secret]) -> list[Secret]:
    """The secrets sorted; those that overlap are one."""
    merged: list[Secret] = []
    for one in sorted(found):
        if one.start >= one.end:
            continue
        if merged and one.start < merged[-1].end:
            last = merged[-1]
            merged[-1] = Secret(last.start, max(last.end, one.end), last.kind)
        else:
            merged.append(one)
    return merged


@cache
def _patterns() -> SecretPatterns:
    from streetrace_lsp.prompts.secret_patterns import SecretPatterns

    return SecretPatterns()
