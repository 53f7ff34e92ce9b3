"""The language server: what it offers, and what belongs to one session."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import converters, types
from pygls.lsp.server import LanguageServer

from streetrace_lsp import __version__
from streetrace_lsp.lsp import client_profile
from streetrace_lsp.lsp.chat_documents import Chats
from streetrace_lsp.lsp.choices import Choices
from streetrace_lsp.lsp.config_documents import ConfigDocuments
from streetrace_lsp.lsp.in_editor import in_editor
from streetrace_lsp.lsp.jobs import Failed, Jobs
from streetrace_lsp.lsp.mirror import Mirror
from streetrace_lsp.lsp.model_lists import ModelLists
from streetrace_lsp.lsp.protocol import Protocol
from streetrace_lsp.lsp.questions import Questions
from streetrace_lsp.lsp.recent import Recent
from streetrace_lsp.lsp.register_chat import register_chat
from streetrace_lsp.lsp.register_chat_requests import register_chat_requests
from streetrace_lsp.lsp.register_commands import register_commands
from streetrace_lsp.lsp.register_commit_request import register_commit_request
from streetrace_lsp.lsp.register_features import register_features
from streetrace_lsp.lsp.register_help import register_help
from streetrace_lsp.lsp.register_keys import register_keys
from streetrace_lsp.lsp.register_model import register_model
from streetrace_lsp.lsp.register_review import CHANGED as REVIEW_CHANGED
from streetrace_lsp.lsp.register_review import register_review
from streetrace_lsp.lsp.register_status import register_status
from streetrace_lsp.lsp.settings import Settings
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.chat.preview import Previewed
    from streetrace_lsp.lsp.model_requests import Previewed as ProgramPreview
    from streetrace_lsp.lsp.reviews import Reviews
    from streetrace_lsp.lsp.run_action import Wanted
    from streetrace_lsp.prompts.withheld import IgnoreFiles
    from streetrace_lsp.review.proposals import Proposals
    from streetrace_lsp.routing.host import ModelHost
    from streetrace_lsp.routing.session import Session

log = logging.getLogger("streetrace_lsp")


class StreetraceServer(LanguageServer):
    """One session with one editor."""

    protocol: Protocol

    def __init__(self, user_dir: Callable[[], Path], state_dir: Callable[[], Path]) -> None:
        super().__init__(
            "streetrace-lsp",
            __version__,
            protocol_cls=Protocol,
            converter_factory=converters.get_converter,
        )
        self._folders = (user_dir, state_dir)
        # The target of `serve --model`: before every configuration.
        self.model_flag: str | None = None
        self.profile = client_profile.ClientProfile()
        self.jobs = Jobs(self)
        self.settings = Settings(self)
        self.config_documents = ConfigDocuments(self)
        self.chats = Chats(self)
        self.model_lists = ModelLists(self)
        # Replies that could not be applied: job id → (title, text).
        self.partials: Recent[tuple[str, str]] = Recent()
        # What a person has looked at and may send: id → (URI, what is wanted).
        self.previews: Recent[tuple[str, Wanted]] = Recent()
        # The same of chats, whose Send takes them.
        self.chat_previews: Recent[tuple[str, Previewed]] = Recent()
        # And of what programs ask.
        self.program_previews: Recent[ProgramPreview] = Recent()
        # The last failure on each document, so that it can be tried again.
        self.failed: dict[str, Failed] = {}
        self.questions = Questions()
        self.choices = Choices()
        # What was asked about trust and answered with no in this session.
        self.declined: set[Hashable] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        # Requests of a program for a model's reply, which run.
        self._asking: set[asyncio.Task[Any]] = set()
        self._prewarmed = False
        # The document in which code actions were asked for last.
        self.acted_in: str | None = None

    @cached_property
    def user_dir(self) -> Path:
        """The folder of the user's configuration; finding it costs an import."""
        return self._folders[0]()

    @cached_property
    def state_dir(self) -> Path:
        """The folder of trust and answers; finding it costs an import."""
        return self._folders[1]()

    @property
    def was_shut_down(self) -> bool:
        """Whether the client said ``shutdown`` (LSP 3.17: the exit status depends on it)."""
        return bool(self.protocol._shutdown)

    @property
    def mirror(self) -> Mirror:
        """The open documents."""
        workspace = self.workspace
        assert isinstance(workspace, Mirror)  # noqa: S101 - set when initialize is answered
        return workspace

    @cached_property
    def proposals(self) -> Proposals:
        """Edits that wait for the person."""
        from streetrace_lsp.lsp.settings import local_path
        from streetrace_lsp.review.journal import Journal
        from streetrace_lsp.review.proposals import Proposals

        def here(uri: str) -> bool:
            return self.settings.root_of(local_path(uri)) is not None

        return Proposals(Journal(self.state_dir / "proposals"), here, self.review_changed)

    @cached_property
    def reviews(self) -> Reviews:
        """Applied edits whose changes the person may keep or undo."""
        from streetrace_lsp.lsp.reviews import Reviews

        return Reviews(self)

    def review_changed(self) -> None:
        """Tell a client that shows what is under review that it is something else now."""
        if self.profile.shows_reviews:
            self.protocol.notify(REVIEW_CHANGED, {})

    def has_reviews(self) -> bool:
        """Whether something was applied in this session, or waits since an earlier one."""
        return "reviews" in self.__dict__ or (self.state_dir / "reviews").is_dir()

    @cached_property
    def ignore_files(self) -> IgnoreFiles:
        """The ignore files of every project, kept while they do not change."""
        from streetrace_lsp.prompts.withheld import IgnoreFiles

        return IgnoreFiles()

    @cached_property
    def session(self) -> Session:
        """The model host and what was learned of servers; its processes start at first use."""
        from streetrace_lsp.lsp.price_question import ask_price
        from streetrace_lsp.routing.session import begin

        log_host = logging.getLogger("streetrace_lsp.modelhost").info
        begun = begin(self.state_dir, log=log_host, warn=self.warn)
        begun.ask_price = partial(ask_price, self)
        return begun

    @property
    def host(self) -> ModelHost:
        """The model host's client; the child process starts at its first use."""
        return self.session.host

    def show(self, message: str, kind: types.MessageType) -> None:
        """Show a message to the person."""
        said = escape_controls(message)
        self.window_show_message(types.ShowMessageParams(type=kind, message=said))

    def warn(self, message: str) -> None:
        """Show a warning to the person."""
        self.show(message, types.MessageType.Warning)

    def worded(self, message: str) -> str:
        """A message of ours with the commands that the person has in this editor."""
        return in_editor(message) if self.profile.holds_keys else message

    def say(self, message: str) -> dict[str, Any]:
        """Tell the person why a command did nothing, and the program with the same answer."""
        message = self.worded(message)
        self.show(message, types.MessageType.Info)
        return {"message": message}

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log an internal error; pygls would pop up a box for each."""
        del source
        log.error("internal error: %s", type(error).__name__, exc_info=error)

    def spawn(self, work: Any) -> None:
        """Run a coroutine in the background, with its errors logged."""
        self.keep(asyncio.ensure_future(work))

    def keep(self, task: asyncio.Task[Any]) -> None:
        """Hold a task until it is done, and log its error."""
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background task failed", exc_info=error)

    def prewarm(self, uri: str) -> None:
        """At the first code-action request, start the model host with the default adapter.

        Nothing is started because of a project that is not trusted.
        """
        if self._prewarmed:
            return
        self._prewarmed = True

        async def warm() -> None:
            from streetrace_lsp.errors import StreetraceError
            from streetrace_lsp.routing.targets import resolve

            try:
                target = resolve(self.settings.of(uri), "edit")
            except StreetraceError:
                return
            await self.host.prewarm(target.adapter)
            from streetrace_lsp.prompts.secrets import find_secrets

            # The first request would wait for the patterns.
            await asyncio.to_thread(find_secrets, "-")
            if target.adapter == "litellm":
                from streetrace_lsp.routing.litellm_table import rows

                # The first request would wait for prices and windows.
                await asyncio.to_thread(rows)

        self.spawn(warm())

    def refresh_hints(self) -> None:
        """Have the client ask again for what is shown beside a text, where it can."""
        if self.profile.refreshes_hints:
            self.spawn(self.workspace_inlay_hint_refresh_async(None))
        if self.profile.refreshes_lenses:
            self.spawn(self.workspace_code_lens_refresh_async(None))

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Counts the task that runs the block among those that `stop_asking` ends."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - only coroutines ask models
        self._asking.add(task)
        try:
            yield
        finally:
            self._asking.discard(task)

    def stop_asking(self) -> set[asyncio.Task[Any]]:
        """Cancels what programs asked models for; returns what was still running."""
        running = set(self._asking)
        for task in running:
            task.cancel()
        return running

    async def close(self) -> None:
        """End all jobs, the model host and every server that was started."""
        asked = self.stop_asking()
        await self.jobs.close()
        await asyncio.gather(*asked, return_exceptions=True)
        if "reviews" in self.__dict__:
            await self.reviews.close()
        if "session" in self.__dict__:
            await self.session.close()


def create(user_dir: Callable[[], Path], state_dir: Callable[[], Path]) -> StreetraceServer:
    """A server with every feature registered; the folders are asked for when needed."""
    server = StreetraceServer(user_dir, state_dir)
    register_features(server)
    register_help(server)
    register_commands(server)
    register_model(server)
    register_chat(server)
    register_chat_requests(server)
    register_commit_request(server)
    register_review(server)
    register_keys(server)
    register_status(server)
    return server
