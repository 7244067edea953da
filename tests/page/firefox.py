"""Debian's Firefox, driven over WebDriver BiDi: the protocol that it speaks itself, in JSON over a
web socket (https://www.w3.org/TR/webdriver-bidi/). Playwright drives only a Firefox of its own."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from websockets.sync.client import connect

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

PROGRAMS = ("firefox-esr", "firefox")
_LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_NOWHERE = 9
"""A port that nobody answers on: what is not on this machine is asked for there."""
_SETTINGS: dict[str, object] = {
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": _NOWHERE,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": _NOWHERE,
    "network.proxy.no_proxies_on": "127.0.0.1, localhost",
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}
_KEYS = {
    "ArrowLeft": "\ue012", "ArrowRight": "\ue014", "End": "\ue010", "Escape": "\ue00c",
    "Home": "\ue011", "Shift": "\ue008",
}  # fmt: skip
_CALLED = """async (given) => {
  const made = (TEXT);
  const done = await (typeof made === "function" ? made(JSON.parse(given)) : made);
  return JSON.stringify(done ?? null);
}"""


class Wrong(Exception):
    """What the browser says was wrong with a command."""


class Firefox:
    """An open browser with one tab. Its methods are those of Playwright's page that tests use."""

    def __init__(self, line: ClientConnection) -> None:
        self._line = line
        self._numbers = itertools.count(1)
        self.errors: list[str] = []
        """Mistakes of the page's scripts since it was opened."""
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["log.entryAdded"])
        self._tab = self._ask("browsingContext.getTree")["contexts"][0]["context"]
        size = {"width": 1280, "height": 900}
        self._ask("browsingContext.setViewport", context=self._tab, viewport=size)

    def goto(self, address: str) -> None:
        """Open a page."""
        self._ask("browsingContext.navigate", context=self._tab, url="about:blank", wait="complete")
        self.errors.clear()
        self._ask("browsingContext.navigate", context=self._tab, url=address, wait="interactive")

    def evaluate(self, text: str, given: object = None) -> Any:
        """What an expression, or a function of what is given, comes to on the page."""
        done = self._ask(
            "script.callFunction",
            functionDeclaration=_CALLED.replace("TEXT", text),
            arguments=[{"type": "string", "value": json.dumps(given)}],
            awaitPromise=True,
            target={"context": self._tab},
        )
        if done["type"] == "exception":
            raise Wrong(done["exceptionDetails"]["text"])
        return json.loads(done["result"]["value"])

    def click(self, selector: str) -> None:
        """Click in the middle of an element."""
        x, y = self.evaluate(
            """(selector) => {
              const found = document.querySelector(selector);
              found.scrollIntoView({ block: "center", inline: "center" });
              const box = found.getBoundingClientRect();
              return [box.x + box.width / 2, box.y + box.height / 2].map(Math.round);
            }""",
            selector,
        )
        moves = [{"type": "pointerMove", "x": x, "y": y}]
        presses = [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        self._act({"type": "pointer", "id": "mouse", "actions": [*moves, *presses]})

    def press(self, key: str) -> None:
        """Press a key, as Playwright names it: `Shift+ArrowRight`."""
        values = [_KEYS.get(name, name) for name in key.split("+")] if len(key) > 1 else [key]
        down = [{"type": "keyDown", "value": value} for value in values]
        up = [{"type": "keyUp", "value": value} for value in reversed(values)]
        self._act({"type": "key", "id": "keyboard", "actions": [*down, *up]})

    def close(self) -> None:
        """End the browser."""
        self._ask("browser.close")

    def _act(self, source: dict[str, Any]) -> None:
        self._ask("input.performActions", context=self._tab, actions=[source])

    def _ask(self, method: str, **given: object) -> Any:
        number = next(self._numbers)
        self._line.send(json.dumps({"id": number, "method": method, "params": given}))
        while True:
            said = json.loads(self._line.recv())
            if said.get("method") == "log.entryAdded":
                self._logged(said["params"])
            elif said.get("id") == number and said["type"] == "error":
                raise Wrong(f"{method}: {said['message']}")
            elif said.get("id") == number:
                return said["result"]

    def _logged(self, entry: dict[str, Any]) -> None:
        if entry["level"] == "error":
            self.errors.append(str(entry["text"]))


@contextmanager
def opened(program: str) -> Iterator[Firefox]:
    """A browser of its own, that asks nobody but this machine for anything."""
    with tempfile.TemporaryDirectory(prefix="firefox-") as profile:
        lines = (f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in _SETTINGS.items())
        Path(profile, "user.js").write_text("".join(lines))
        command = [program, "--headless", "--no-remote", "--profile", profile]
        started = subprocess.Popen(
            [*command, "--remote-debugging-port=0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert started.stderr is not None
        try:
            address = _address(started.stderr)
            drain = threading.Thread(target=started.stderr.read, daemon=True)
            drain.start()  # a full pipe would stop it
            with connect(f"{address}/session", max_size=None, proxy=None, open_timeout=300) as line:
                browser = Firefox(line)
                yield browser
                browser.close()
        finally:
            started.terminate()
            started.wait()


def _address(said: IO[str]) -> str:
    lines = []
    for line in said:
        lines.append(line)
        if found := _LISTENING.search(line):
            return found[1]
    raise Wrong(f"Firefox ended: {''.join(lines)}")
