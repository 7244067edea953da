"""The fake service: fal.ai on this machine, as seen by an unmodified client."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self
from unittest import mock

from storyboard.testing import arguments as args
from storyboard.testing.cdn import Cdn
from storyboard.testing.clips import FakeClip
from storyboard.testing.endpoints import known
from storyboard.testing.faults import Injection
from storyboard.testing.history import PRICES, History, Listing, price_list
from storyboard.testing.jobs import Schedule
from storyboard.testing.log import Exchange, Log
from storyboard.testing.queue import Queue
from storyboard.testing.tls_proxy import TlsProxy, certify
from storyboard.testing.visits import (
    HOSTS,
    QUEUE_HOSTS,
    RUN_HOSTS,
    Visit,
    place_of,
)
from storyboard.testing.wire import Hangup, HttpRequest, Reply, Tunnel

if TYPE_CHECKING:
    from storyboard.testing.faults import Fault
    from storyboard.testing.jobs import Latency, Submission
    from storyboard.testing.log import Event
    from storyboard.testing.visits import (
        Handler,
        Place,
    )

Site = Callable[[HttpRequest], Reply]
"""How a host that is not fal's answers; see `FakeService(hosts=...)`."""

_KEYED: tuple[Place, ...] = (
    "token",
    "initiate",
    "submit",
    "run",
    "status",
    "result",
    "cancel",
    "history",
    "pricing",
)


class FakeService:
    """fal.ai on a loopback port: uploads, queue, clips, history, prices, and no bill.

    Use it as a context manager. A client needs nothing but `environment`, in its process or in
    a child's, and then talks to the real host names with the real addresses.

    Args:
        queue: how long a job waits at least.
        run: how long it then takes; without either, the first look finds it completed.
        concurrency: how many jobs run at once; the others wait. None: all of them.
        clock: seconds; a `Clock` stands still until it is told to go on.
        footage: what the clips look like.
        listing: how the request history behaves.
        hosts: other hosts to answer for, such as a site that keyframes are linked from.
        key: the API key to accept.
        stops_running: whether cancelling stops a running job; fal promises only to try.

    Attributes:
        key: the API key that the service accepts.
        prices: US dollars per second by endpoint id; may be changed at any time.
        cdn: the files; `cdn.content(url)` returns one.
    """

    def __init__(
        self,
        *,
        queue: Latency = 0.0,
        run: Latency = 0.0,
        concurrency: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        footage: FakeClip | None = None,
        listing: Listing | None = None,
        hosts: Mapping[str, Site] | None = None,
        key: str = "fake-key-id:fake-key-secret",
        stops_running: bool = False,
    ) -> None:
        """Prepare a service; nothing listens before `start` or `with`."""
        self.key = key
        self.prices: dict[str, float] = dict(PRICES)
        self.cdn = Cdn()
        self._clock = clock
        self._sites = dict(hosts or {})
        self._log = Log(key=key)
        self._injections: list[Injection] = []
        self._closing = False
        self._queue = Queue(
            Schedule(clock, concurrency=concurrency),
            self.cdn,
            fetch=self._fetch,
            clock=clock,
            footage=footage or FakeClip(),
            accepted=self._log.pay,
            latency=(queue, run),
            stops_running=stops_running,
        )
        self._history = History(
            lambda: self._queue.jobs,
            output=self._queue.output,
            clock=clock,
            listing=listing or Listing(),
        )
        self._handlers = self._places()

    def _places(self) -> dict[Place, Handler]:
        """What answers at each place."""
        return {
            "token": self.cdn.token,
            "upload": self.cdn.upload,
            "initiate": self.cdn.initiate,
            "put": self.cdn.put,
            "download": self.cdn.download,
            "submit": self._queue.submit,
            "run": self._queue.run,
            "status": self._queue.status,
            "result": self._queue.result,
            "cancel": self._queue.cancel,
            "history": self._history.requests,
            "pricing": lambda visit: price_list(visit, self.prices),
            "schema": _schema,
            "connect": self._connect,
            "elsewhere": self._elsewhere,
        }

    # Life -------------------------------------------------------------------------------------

    def start(self) -> Self:
        """Begin to listen on a free loopback port."""
        certificates = certify(frozenset((*HOSTS, *self._sites)))
        self._folder = tempfile.TemporaryDirectory(prefix="fake-service-")
        self._authority = Path(self._folder.name, "authority.pem")
        self._authority.write_bytes(certificates.authority)
        self._proxy = TlsProxy(self._answer, certificates)
        return self

    def close(self) -> None:
        """Hang up on everyone and leave nothing behind; held requests are released.

        An exception that a callback, an act or a site of the test has raised is raised here.
        """
        self._closing = True
        for injection in self._injections:
            injection.withdraw()
        self._proxy.close()
        self._folder.cleanup()
        if self._log.errors:
            raise self._log.errors[0]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *raised: object) -> None:
        self.close()

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a client here; merge them into a process's environment.

        Also the one that keeps what is paid here out of the user's own record.
        """
        proxy, authority = f"http://127.0.0.1:{self._proxy.port}", str(self._authority)
        proxies = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"), proxy)
        either_case = {**proxies, "NO_PROXY": ""}
        return {
            **either_case,
            **{name.lower(): value for name, value in either_case.items()},
            "SSL_CERT_FILE": authority,
            "SSL_CERT_DIR": "",
            "REQUESTS_CA_BUNDLE": authority,
            "CURL_CA_BUNDLE": authority,
            "FAL_KEY": self.key,
            "FAL_FORCE_AUTH_BY_USER": "",
            "FAL_RUN_HOST": RUN_HOSTS[0],
            "FAL_QUEUE_RUN_HOST": QUEUE_HOSTS[0],
            "STORYBOARD_STATE": str(Path(self._folder.name, "state")),
        }

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Put `environment` into this process's environment for the length of a `with` block."""
        with mock.patch.dict("os.environ", self.environment):
            yield

    # What tests ask -----------------------------------------------------------------------------

    @property
    def paid(self) -> list[Submission]:
        """Every accepted submission, in order; each would have cost money."""
        return list(self._log.paid)

    @property
    def escapes(self) -> list[str]:
        """The hosts that clients tried to reach and that are not the service's."""
        return list(self._log.escapes)

    @property
    def leaks(self) -> list[Exchange]:
        """The exchanges with a credential where none belongs: a CDN download, a foreign host."""
        return self._log.leaks

    def requests(
        self,
        *,
        method: str | None = None,
        host: str | None = None,
        path: str | None = None,
        place: Place | None = None,
    ) -> list[Exchange]:
        """Return the finished exchanges in order, all or those that match.

        `path` matches a part of the path. The opening of tunnels is listed only for
        place="connect".
        """
        return [
            exchange
            for exchange in list(self._log.exchanges)
            if method in (None, exchange.request.method)
            and host in (None, exchange.request.host)
            and (path is None or path in exchange.request.path)
            and (exchange.place != "connect" if place is None else exchange.place == place)
        ]

    def inject(self, fault: Fault) -> Injection:
        """Let something go wrong from now on.

        A request meets the faults in the order of their injection; one that lets the request
        through leaves it to the next. A fault of connections first closes the idle ones.
        """
        injection = Injection(fault)
        self._injections.append(injection)
        if fault.place == "connect":
            for host in (fault.host,) if fault.host else (*HOSTS, *self._sites):
                self._proxy.sever(host)
        return injection

    def on(self, event: Event, callback: Callable[[Any], None]) -> None:
        """Call back at an exact moment, in the thread that serves the client.

        "request": a `HttpRequest` has arrived and nothing has happened yet. "accepted": a
        `Submission` is paid for and the client does not know it yet. "answered": an `Exchange`
        is over, and its answer is about to be sent.
        """
        self._log.on(event, callback)

    # How it answers -----------------------------------------------------------------------------

    def _answer(self, request: HttpRequest) -> Reply:
        try:
            return self._receive(request)
        except Hangup:
            raise
        except Exception as error:  # A mistake of the test's, to be raised where it is seen.
            self._log.errors.append(error)
            raise Hangup from error

    def _receive(self, request: HttpRequest) -> Reply:
        visit = Visit(request, place_of(request))
        visit.job = self._queue.find(visit)
        self._log.arrive(request)
        status = None
        try:
            reply = self._meet(visit, list(self._injections))
            status = reply.status
            return reply
        finally:
            self._log.finish(Exchange(request, visit.place, status, self._clock()))

    def _meet(self, visit: Visit, injections: list[Injection]) -> Reply:
        """Lead a visit past the faults that strike it, and to the handler if they let it."""
        for number, injection in enumerate(injections, start=1):
            if injection.meets(visit):
                proceed = partial(self._meet, visit, injections[number:])
                return injection.fault.act(visit, proceed)
        if self._closing:
            raise Hangup
        if visit.place in _KEYED and not self._knows(visit.request):
            return Reply.of({"detail": "Invalid API key"}, 401)
        return self._handlers[visit.place](visit)

    def _connect(self, visit: Visit) -> Reply:
        if visit.request.host in HOSTS or visit.request.host in self._sites:
            return Tunnel()
        self._log.escape(visit.request.host)
        return Tunnel(502)

    def _elsewhere(self, visit: Visit) -> Reply:
        host = visit.request.host
        if host in self._sites:
            return self._sites[host](visit.request)
        if host not in HOSTS:
            self._log.escape(host)
            return Reply(502)
        return Reply.of({"detail": "Not Found"}, 404)

    def _fetch(self, url: str) -> bytes | None:
        """Download an input image as the service would, without leaving the machine."""
        content = args.inline(url) or self.cdn.content(url)
        scheme, _, rest = url.partition("://")
        host, _, path = rest.partition("/")
        if content is not None or host not in self._sites:
            return content
        secure: Literal["http", "https"] = "https" if scheme == "https" else "http"
        reply = self._sites[host](HttpRequest("GET", secure, host, f"/{path}"))
        return reply.body if reply.status == 200 else None

    def _knows(self, request: HttpRequest) -> bool:
        return request.headers.get("Authorization") == f"Key {self.key}"


def _schema(visit: Visit) -> Reply:
    """What the site publishes of an endpoint, to anybody."""
    endpoint = known(visit.request.asked("endpoint_id"))
    if endpoint is None:
        return Reply.of({"detail": "Endpoint not found"}, 404)
    return Reply.of(endpoint.schema())
