"""A workspace with configuration files, a user folder, a state folder and a watched environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.config.load import ConfigurationSource
from streetrace_lsp.config.problems import Problem

# Well-known key variables, each with a value that must never be seen where it does not belong.
CANARIES = {
    name: f"canary-{name.lower()}-7f3a"
    for name in (
        "OPENAI_API_KEY",
        "ANTHROPIC_API_KEY",
        "GEMINI_API_KEY",
        "AZURE_API_KEY",
        "GROQ_API_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "GITHUB_TOKEN",
        "OLLAMA_API_KEY",
    )
}


class WatchedEnvironment(Mapping[str, str]):
    """An environment that remembers which names were looked up."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values_by_name = dict(values)
        self.looked_up: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.looked_up.add(name)
        return self.values_by_name[name]

    def __iter__(self) -> Iterator[str]:
        self.looked_up.update(self.values_by_name)
        return iter(self.values_by_name)

    def __len__(self) -> int:
        return len(self.values_by_name)

    @property
    def canaries_touched(self) -> set[str]:
        return self.looked_up & set(CANARIES)


class Workspace:
    """A workspace folder below ``place`` and everything that configures it."""

    def __init__(self, place: Path, environ: Mapping[str, str] | None = None) -> None:
        self.root = place / "work"
        self.user_dir = place / "user"
        self.state_dir = place / "state"
        self.root.mkdir()
        self.user_dir.mkdir()
        self.environ = WatchedEnvironment(environ or {})
        self.source = self.new_source()

    def new_source(self) -> ConfigurationSource:
        return ConfigurationSource(
            environ=self.environ, user_dir=self.user_dir, state_dir=self.state_dir
        )

    @property
    def file(self) -> Path:
        return self.root / ".streetrace.toml"

    def project(self, text: str) -> Workspace:
        self.file.write_text(text, "utf-8", newline="")
        return self

    def user(self, text: str, mode: int = 0o600) -> Workspace:
        path = self.user_dir / "config.toml"
        path.write_text(text, "utf-8")
        path.chmod(mode)
        return self

    def dotenv(self, text: str) -> Workspace:
        (self.root / ".env").write_text(text, "utf-8")
        return self

    def load(self, document: str = "code.py") -> Configuration:
        return self.source.load(self.root / document, self.root)

    def new(self) -> Configuration:
        """What another process sees now."""
        return self.new_source().load(self.root / "code.py", self.root)

    def trust(self, *, grants: bool = True) -> Configuration:
        """Says yes to everything that is asked, or to trust alone; gives what holds then."""
        question = question_of(self.load())
        self.source.store.answer(question, None if grants else ())
        return self.load()


def question_of(configuration: Configuration):  # type: ignore[no-untyped-def]
    project = configuration.project
    assert project is not None
    assert project.question is not None
    return project.question


def status_of(configuration: Configuration) -> str:
    assert configuration.project is not None
    return configuration.project.status


def marked(problem: Problem) -> str:
    """The text that a problem points at."""
    return problem.path.read_bytes().decode("utf-8")[problem.start : problem.end]
