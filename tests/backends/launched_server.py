"""A small HTTP server to be started by `launch`, which starts, fails and ends as it is told.

    python launched_server.py --port 8123 [--announce PORT] [--loading 3] [--fail TEXT] …

With `--announce` it connects to that port at its start and sends one line of JSON: its process
id, its parent's, and the port that it was given. The connection stays open for as long as it
lives. With `--gate` it waits for a byte on that connection before it does anything else.

`/health` and `/v1/models` say whether it is ready. `/environment`, `/arguments` and `/folder`
tell what it was started with. `/crash?TEXT` prints TEXT and ends it at once. A chat is answered
with the arguments behind `--`.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--announce", type=int)
    parser.add_argument("--gate", action="store_true")
    parser.add_argument("--loading", type=int, default=0, help="answer 503 to so many questions")
    parser.add_argument("--never-ready", action="store_true", help="answer 503 always")
    parser.add_argument("--silent", action="store_true", help="accept, and answer nothing")
    parser.add_argument("--no-health", action="store_true", help="404 for /health")
    parser.add_argument("--locked", action="store_true", help="401 for /v1/models")
    parser.add_argument("--fail", help="print this and end with status 3")
    parser.add_argument("--flood", type=int, default=0, help="print so many lines once ready")
    parser.add_argument("--stubborn", action="store_true", help="ignore SIGTERM")
    parser.add_argument("--worker", action="store_true", help="start a stubborn process as well")
    parser.add_argument("others", nargs="*")
    return parser.parse_args()


ARGUMENTS = _arguments()
LOADING = threading.Semaphore(ARGUMENTS.loading)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path, _, text = self.path.partition("?")
        if ARGUMENTS.silent:
            threading.Event().wait()
        elif path == "/health":
            self._health()
        elif path == "/v1/models":
            status = 401 if ARGUMENTS.locked else 200
            self._answer(status, {"object": "list", "data": [{"id": "demo"}]})
        elif path == "/crash":
            print(unquote(text), flush=True)
            os._exit(7)
        else:
            told = {
                "/environment": dict(os.environ),
                "/arguments": sys.argv[1:],
                "/folder": str(Path.cwd()),
            }
            self._answer(200, told[path])

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        said = {"content": " ".join(ARGUMENTS.others)}
        for delta, reason in ((said, None), ({}, "stop")):
            choice = {"index": 0, "delta": delta, "finish_reason": reason}
            chunk = {"id": "1", "object": "chat.completion.chunk", "choices": [choice]}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def _health(self) -> None:
        if ARGUMENTS.no_health:
            self._answer(404, {"error": "no such path"})
        elif ARGUMENTS.never_ready or LOADING.acquire(blocking=False):
            self._answer(503, {"error": {"message": "Loading model"}})
        else:
            for number in range(ARGUMENTS.flood):
                print(f"line {number} of very much output", flush=True)
            self._answer(200, {"status": "ok"})

    def _answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _announce(port: int) -> socket.socket:
    lifeline = socket.create_connection(("127.0.0.1", port))
    news = {"pid": os.getpid(), "parent": os.getppid(), "port": ARGUMENTS.port}
    lifeline.sendall(json.dumps(news).encode() + b"\n")
    if ARGUMENTS.gate:
        lifeline.recv(1)
    return lifeline


def main() -> None:
    lifeline = _announce(ARGUMENTS.announce) if ARGUMENTS.announce else None
    if ARGUMENTS.fail:
        print(ARGUMENTS.fail, file=sys.stderr, flush=True)
        sys.exit(3)
    if ARGUMENTS.stubborn:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if ARGUMENTS.worker:
        own = ["--port", "0", "--announce", str(ARGUMENTS.announce), "--stubborn"]
        subprocess.Popen([sys.executable, __file__, *own])
    ThreadingHTTPServer.daemon_threads = True
    with ThreadingHTTPServer(("127.0.0.1", ARGUMENTS.port), Handler) as server:
        server.serve_forever()
    del lifeline


if __name__ == "__main__":
    main()
