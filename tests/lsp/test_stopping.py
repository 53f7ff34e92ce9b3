"""Whatever stops a job - its user, a crash, the end of the editor - it stops whole."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from backends.fault_server import FaultServer, Reply
from lsp.clients.bare import Bare
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.eglot import Eglot
from lsp.clients.helix import Helix
from lsp.clients.kate import Kate
from lsp.clients.neovim import Neovim
from lsp.clients.vscode import VSCode
from lsp.clients.wire import REQUEST_CANCELLED, ResponseError
from lsp.machine import Launch, Machine
from lsp.processes import children, gone
from lsp.sample import (
    BLOCK,
    FIXED,
    TEXT,
    configuration,
    fixing,
    held,
    opened,
    streaming,
)

Stop = Callable[[Editor, Document, str], Awaitable[object]]


async def by_button(editor: Editor, document: Document, job: str) -> None:
    await editor.until("progress", lambda: any(editor.window.progress.values()))
    editor.press_cancel()


async def by_command(editor: Editor, document: Document, job: str) -> object:
    return await editor.execute("streetrace.cancel", {"job": job})


async def by_bare_command(editor: Editor, document: Document, job: str) -> object:
    return await editor.execute("streetrace.cancel")


async def by_action(editor: Editor, document: Document, job: str) -> object:
    offered = await editor.actions(document, document.span("def area"))
    return await editor.run(offered["Streetrace: Stop"])


async def streaming_fix(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor]
) -> tuple[Editor, Document, str]:
    faults.script(held())
    editor, document = await opened(launch, machine, faults, kind)
    job = await fixing(editor, document)
    await streaming(editor, faults, job)
    return editor, document, job


async def still_works(editor: Editor, document: Document, faults: FaultServer) -> None:
    """The next request is served as if nothing had happened."""
    assert document.text == TEXT
    assert editor.edits == []
    faults.script(Reply(text=BLOCK))
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] in {"applied", "proposed"}
    assert document.text == (FIXED if ending["state"] == "applied" else TEXT)


@pytest.mark.parametrize(
    ("kind", "stop"),
    [
        (VSCode, by_button),
        (Neovim, by_button),
        (Helix, by_bare_command),
        (Eglot, by_button),
        (Kate, by_action),
        (Bare, by_action),
        (VSCode, by_command),
        (VSCode, by_action),
        (Bare, by_command),
    ],
)
async def test_cancelling_ends_the_job_and_the_connection(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor], stop: Stop
) -> None:
    editor, document, job = await streaming_fix(launch, machine, faults, kind)
    await stop(editor, document, job)
    ending = await editor.finished(job)
    assert ending["state"] == "cancelled"
    upstream = faults.requests[-1].connection
    await faults.until(lambda: upstream.closed is not None)
    assert upstream.closed_by == "client"
    offered = await editor.actions(document, document.span("def area"))
    assert "Streetrace: Stop" not in offered
    await still_works(editor, document, faults)


async def test_a_cancelled_request_gets_exactly_one_response(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document = await opened(launch, machine, faults, VSCode)
    params = {
        "textDocument": {"uri": document.uri},
        "range": document.span("def area"),
        "context": {"diagnostics": []},
    }
    request = editor.send("textDocument/codeAction", params)
    editor.cancel(request)
    try:
        assert await request.future is not None
    except ResponseError as error:
        assert error.code == REQUEST_CANCELLED
    await still_works(editor, document, faults)


async def test_the_progress_of_a_stopped_job_ends(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document, job = await streaming_fix(launch, machine, faults, VSCode)
    await by_button(editor, document, job)
    (values,) = editor.window.progress.values()
    await editor.until("the end of the progress", lambda: values[-1]["kind"] == "end")


async def test_a_killed_model_host_is_one_message_and_the_next_request_works(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document, job = await streaming_fix(launch, machine, faults, VSCode)
    process = editor.connection.process
    assert process is not None
    (host,) = children(process.pid)
    os.kill(host, signal.SIGKILL)
    ending = await editor.finished(job)
    assert ending["state"] == "failed"
    assert editor.window.messages == [ending["message"]]
    await still_works(editor, document, faults)
    (another,) = children(process.pid)
    assert another != host


async def test_shutting_down_while_the_model_writes_leaves_nothing_behind(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document, _ = await streaming_fix(launch, machine, faults, VSCode)
    process = editor.connection.process
    assert process is not None
    hosts = children(process.pid)
    assert await editor.stop() == 0
    for host in hosts:
        await gone(host)
    assert editor.edits == []
    assert document.text == TEXT


async def test_an_editor_that_only_closes_the_pipe_leaves_nothing_behind(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, _, _ = await streaming_fix(launch, machine, faults, VSCode)
    process = editor.connection.process
    assert process is not None
    hosts = children(process.pid)
    assert hosts
    editor.connection.close_stdin()
    await editor.connection.ended()
    for host in hosts:
        await gone(host)


async def test_a_killed_editor_leaves_nothing_behind(machine: Machine, faults: FaultServer) -> None:
    faults.script(held())
    machine.configure_user(configuration(faults))
    path = machine.write("app.py", TEXT)
    here = Path(__file__).parent
    doomed = await asyncio.create_subprocess_exec(
        sys.executable,
        str(here / "clients" / "doomed.py"),
        *map(str, (here.parent, machine.root, path)),
        env=machine.environment,
        stdin=asyncio.subprocess.DEVNULL,
    )
    await faults.until(lambda: faults.held > 0)
    (server,) = children(doomed.pid)
    (host,) = children(server)
    doomed.kill()
    await doomed.wait()
    await gone(server)
    await gone(host)
    await faults.until(lambda: faults.requests[-1].connection.closed is not None)
    assert path.read_bytes() == TEXT.encode()


async def test_after_a_killed_server_the_next_one_works_and_nothing_is_applied_by_itself(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    editor, document, _ = await streaming_fix(launch, machine, faults, VSCode)
    process = editor.connection.process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    await editor.connection.ended()
    faults.release()

    again = await launch(VSCode)
    copy = again.open(document.path)
    await again.actions(copy, copy.span("def area", "naïve"))
    assert (again.edits, copy.text, document.text) == ([], TEXT, TEXT)
    await still_works(again, copy, faults)


async def test_on_a_full_disk_edits_arrive_and_an_answer_is_a_message(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(configuration(faults))
    path = machine.write("app.py", TEXT)
    powers = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    fill = (
        'mount -t tmpfs -o size=64k none "$0" && '
        '! head -c 1M /dev/zero >"$0/full" 2>/dev/null && exec "$@"'
    )
    prefix = ("unshare", "--mount", *powers, "sh", "-c", fill, str(machine.state))
    editor = await launch(VSCode, prefix=prefix)
    document = editor.open(path)
    faults.script(Reply(text="It multiplies."), Reply(text=BLOCK))
    span = document.span("def area", "naïve")
    ending = await editor.finished(await editor.begin(document, span, "Streetrace: Explain"))
    assert ending["state"] == "answered"
    assert any("It multiplies." in message for message in editor.window.messages)
    ending = await editor.finished(await editor.begin(document, span, "Streetrace: Fix"))
    assert ending["state"] == "applied"
    assert document.text == FIXED
    assert any("is full" in message for message in editor.window.messages)
