"""The explorer's server: on 127.0.0.1 alone, for one browser that has the address, and for no other page in it.

- It listens on the loopback interface, so no other computer reaches it.
- Its address has a token that nobody can guess; without it every path is unknown.
- ``Host`` must name this server (a page elsewhere cannot reach it under a name of its own, "DNS rebinding"), and a
  question must come with the ``Origin`` of its own page and as JSON (so no other page in the browser can ask one).
- The page may load and ask nothing but this server (``Content-Security-Policy``), and nobody may frame it.
- Questions are small, and hold numbers only; no file is read or written for them.
"""

from __future__ import annotations

import json
import secrets
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from sim.errors import SimError, UsageError
from sim.explorer.session import Session, SupersededError
from sim.page.assets import module_text, page_html, style_text

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_QUESTION: Final = 8_192
"""Bytes."""
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    "Cache-Control": "no-store",
}
MISSING: Final = "the explorer needs Starlette and uvicorn:  pip install 'negotiation-sim[explore]'"


class Explorer:
    """A session on a port of this computer.

    Parameters
    ----------
    session : Session
        What is shown.
    port : int
        0 for any that is free.

    Attributes
    ----------
    url : str
        To be opened in a browser of this computer; whoever has it can ask.

    Raises
    ------
    UsageError
        If the port is taken or a package is missing.
    """

    def __init__(self, session: Session, port: int = 0) -> None:
        try:
            import starlette  # noqa: F401 - what serves needs both
            import uvicorn
        except ImportError as error:
            raise UsageError(f"{MISSING} ({error})") from None
        self._socket = _listening(port)
        self.port: int = self._socket.getsockname()[1]
        self.token = secrets.token_urlsafe(24)
        self.url = f"http://127.0.0.1:{self.port}/{self.token}/"
        self.application = application(session, self.token, self.port)
        quiet: dict[str, Any] = {"log_level": "error", "access_log": False, "lifespan": "off", "ws": "none"}
        config = uvicorn.Config(self.application, timeout_graceful_shutdown=1, server_header=False, **quiet)
        self._server = uvicorn.Server(config)

    def run(self) -> None:
        """Serve until Ctrl-C or `stop`."""
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Stop serving; may be called from another thread."""
        self._server.should_exit = True


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen(64)
    except OSError as error:
        listening.close()
        raise UsageError(
            f"--port: found {port}, expected a port of this computer that is free ({error.strerror})"
        ) from None
    return listening


def application(session: Session, token: str, port: int) -> Starlette:
    """Return the application, guarded.

    Parameters
    ----------
    session : Session
        Answers its questions.
    token : str
        First part of every path.
    port : int
        On which it is served, for the names by which it may be called.
    """
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.middleware import Middleware
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    html, module, styles = page_html(session.scenario.title), module_text(), style_text()

    def text(content: str, kind: str) -> Callable[[Request], Response]:
        def respond(_request: Request) -> Response:
            return Response(content, media_type=kind)

        return respond

    async def ask(request: Request) -> Response:
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST_QUESTION:
                return JSONResponse({"error": "the question is too long"}, 413)
        try:
            numbers = json.loads(body)
        except (ValueError, RecursionError):
            numbers = None
        if not isinstance(numbers, dict):
            return JSONResponse({"error": "the question is no JSON object"}, 400)
        try:
            return JSONResponse(await run_in_threadpool(session.ask, request.path_params["kind"], numbers))
        except SupersededError:
            return JSONResponse({"error": "superseded by a newer question"}, 409)
        except SimError as error:
            return JSONResponse({"error": str(error)}, 400)

    routes = [
        Route(f"/{token}/", text(html, "text/html"), methods=["GET"]),
        Route(f"/{token}/explorer.js", text(module, "text/javascript"), methods=["GET"]),
        Route(f"/{token}/explorer.css", text(styles, "text/css"), methods=["GET"]),
        Route(f"/{token}/ask/{{kind}}", ask, methods=["POST"]),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Guard, port=port)])


class Guard:
    """Turns away whatever does not come from the page itself, and puts the headers on every answer.

    Parameters
    ----------
    inner : ASGI application
        Behind it.
    port : int
        Of the server.
    """

    def __init__(self, inner: ASGIApp, port: int) -> None:
        self._inner = inner
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer 403."""
        from starlette.responses import PlainTextResponse

        if scope["type"] != "http":
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message["headers"], *own]
            await send(message)

        refused = self._refusal(scope)
        inner: Any = PlainTextResponse(refused, 403) if refused else self._inner
        await inner(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> str:
        """Say why a request is turned away; empty if it is not."""
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        if len(headers.get("host", [])) != 1 or headers["host"][0].lower() not in self._hosts:
            return "This server answers to its own address only."
        if scope["method"] == "GET":
            return ""
        if headers.get("origin", []) != [f"http://{headers['host'][0].lower()}"]:
            return "Questions come from the explorer's own page only."
        if headers.get("content-type", [""])[0].partition(";")[0].strip().lower() != "application/json":
            return "Questions are JSON."
        return ""
