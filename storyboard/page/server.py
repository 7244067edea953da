"""The server: the page, its document, its media and its events, and the wishes that it sends."""

from __future__ import annotations

import json
import logging
import secrets
import socket
import sys
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from storyboard.errors import StoryboardError
from storyboard.page import sheet
from storyboard.page.doorkeeper import ENTER, SAFE, Doorkeeper, Rejection, headers_of

try:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import (
        FileResponse,
        JSONResponse,
        PlainTextResponse,
        RedirectResponse,
        Response,
        StreamingResponse,
    )
    from starlette.routing import Route
except ImportError as cause:
    raise StoryboardError(
        "`storyboard serve` needs the packages starlette and uvicorn: "
        "`pip install starlette uvicorn` beside storyboard"
    ) from cause

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from storyboard.page.newscast import Newscast

_LOG = logging.getLogger(__name__)

MOST_BYTES = 100_000
"""Of a wish."""
FOR_EVER = "private, max-age=31536000, immutable"
_KINDS = {".mp4": "video/mp4", ".jpg": "image/jpeg", ".js": "text/javascript", ".css": "text/css"}


class Desk(Protocol):
    """What the server asks, and whom it gives wishes to. Called from threads."""

    @property
    def news(self) -> Newscast:
        """What is told to pages."""

    def document(self) -> Mapping[str, Any]:
        """The document as it is now."""

    def media(self, name: str) -> Path:
        """A file that a document named; KeyError for any other."""

    def do(self, what: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Do what the page asks for; StoryboardError says why not, KeyError that there is no such
        wish."""


class Serving(AbstractContextManager["Serving"]):
    """A server on this machine alone, from `with` to its end."""

    def __init__(self, desk: Desk, *, port: int = 0) -> None:
        """`port` 0 takes any that is free. StoryboardError where it is taken."""
        self.desk = desk
        self._socket = _listening(port)
        self.door = Doorkeeper(self._socket.getsockname()[1])
        config = uvicorn.Config(
            application(desk, self.door),
            log_config=None,
            log_level="critical",  # mistakes are logged below; what Ctrl-C breaks off is none
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            lifespan="off",
            ws="none",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="page", daemon=True
        )

    def __enter__(self) -> Serving:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.desk.news.end()
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()


def _listening(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":  # where it would let two listen
        made.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # a server that ended keeps none out
    try:
        made.bind(("127.0.0.1", port))
        made.listen()
    except OSError as error:
        made.close()
        raise StoryboardError(
            f"the page can't be served at port {port} ({error.strerror}); name another, or none"
        ) from error
    return made


def application(desk: Desk, door: Doorkeeper) -> ASGIApp:
    """The page as an ASGI application, behind its door."""
    answers = _Answers(desk)
    routes = [
        Route("/", answers.page),
        Route("/document", answers.document),
        Route("/favicon.ico", answers.icon),
        Route("/static/{name}", answers.static),
        Route("/media/{name}", answers.media),
        Route("/events", answers.events),
        Route("/do/{what}", answers.wish, methods=["POST"]),
    ]
    return _Guarded(Starlette(routes=routes), door)


class _Guarded:
    """An application that answers nobody whom the doorkeeper does not let in."""

    def __init__(self, inner: ASGIApp, door: Doorkeeper) -> None:
        self._inner, self._door = inner, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = headers_of(scope["headers"])
        answer = self._first(scope, headers)
        try:
            await (answer or self._inner)(scope, receive, _marked(send))
        except Exception:
            _LOG.exception("%s could not be answered", scope["path"])
            raise

    def _first(self, scope: Scope, headers: dict[str, str]) -> Response | None:
        door, query = self._door, scope.get("query_string", b"").decode("latin-1")
        if refusal := door.stranger(headers):
            return _refused(refusal)
        entering = scope["method"] == "GET" and scope["path"] == "/" and "token=" in query
        if entering and headers.get("sec-fetch-site", "none") == "none":
            if cookie := door.admits(query):
                return RedirectResponse("/", 303, {"set-cookie": cookie, **_UNKEPT})
            if door.refuses("GET", headers):
                return _refused(Rejection(403, ENTER))
            return RedirectResponse("/", 303)
        refusal = door.refuses(scope["method"], headers)
        return _refused(refusal) if refusal else None


_UNKEPT = {"cache-control": "no-store"}


def _refused(refusal: Rejection) -> Response:
    return PlainTextResponse(refusal.words, refusal.status, _UNKEPT)


def _marked(send: Send) -> Send:
    """Every answer says what browsers may not do with it."""

    async def marked(message: Any) -> None:
        if message["type"] == "http.response.start":
            own = [(name.encode(), value.encode()) for name, value in SAFE.items()]
            message = {**message, "headers": [*message.get("headers", ()), *own]}
        await send(message)

    return marked


class _Answers:
    """What is answered to whom was let in."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def page(self, _request: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        shown = await run_in_threadpool(self._desk.document)
        policy = sheet.LIVE_POLICY.format(nonce=nonce)
        headers = {"content-security-policy": policy, **_UNKEPT}
        return Response(sheet.served(shown, nonce), 200, headers, "text/html; charset=utf-8")

    async def document(self, request: Request) -> Response:
        shown = await run_in_threadpool(self._desk.document)
        headers = {"etag": sheet.tag(shown), **_UNKEPT}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        return JSONResponse(shown, headers=headers)

    async def icon(self, _request: Request) -> Response:
        return Response(status_code=204)

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        known = {"page.css", *(f"{module}.js" for module in sheet.modules())}
        if name not in known:
            return _nothing()
        kind = f"{_KINDS[Path(name).suffix]}; charset=utf-8"
        return Response(sheet.asset(name), 200, {"cache-control": "no-cache"}, kind)

    async def media(self, request: Request) -> Response:
        name = request.path_params["name"]
        try:
            path = await run_in_threadpool(self._desk.media, name)
        except KeyError:
            return _nothing()
        except StoryboardError as error:
            return PlainTextResponse(str(error), 500, _UNKEPT)
        kept = {"cache-control": FOR_EVER}
        return FileResponse(path, headers=kept, media_type=_KINDS[path.suffix])

    async def events(self, _request: Request) -> Response:
        said = self._desk.news.heard()
        return StreamingResponse(said, 200, _UNKEPT, "text/event-stream")

    async def wish(self, request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                return _wrong("this is too much to be written", 413)
        try:
            given = json.loads(body)
        except (ValueError, RecursionError):  # the latter where it is too deep
            return _wrong("this is not JSON", 400)
        if not isinstance(given, dict):
            return _wrong("this is no wish", 400)
        try:
            done = await run_in_threadpool(self._desk.do, request.path_params["what"], given)
        except KeyError:
            return _wrong("there is no such wish", 404)
        except StoryboardError as error:
            return _wrong(str(error), 409)
        return JSONResponse(done, headers=_UNKEPT)


def _wrong(words: str, status: int) -> Response:
    return JSONResponse({"error": words}, status, _UNKEPT)


def _nothing() -> Response:
    return PlainTextResponse("there is nothing here", 404, _UNKEPT)
