"""A real Azure Blob server on loopback: Azurite, where npm has installed it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from urllib.parse import quote

COMMAND = "azurite-blob"
CONTAINER = "takes"
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The account that every Azurite has, and its key, which is no secret: Azurite's own manual."""
_READY = re.compile(r"successfully listens on http://127\.0\.0\.1:(\d+)")


def is_installed() -> bool:
    """Whether there is one: `npm install --global azurite`."""
    return shutil.which(COMMAND) is not None


def environment(port: int) -> dict[str, str]:
    """The variables by which a client finds the server at this port."""
    return {
        "AZURE_STORAGE_ENDPOINT": f"http://127.0.0.1:{port}/{ACCOUNT}",
        "AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT,
        "AZURE_STORAGE_ACCOUNT_KEY": KEY,
        "NO_PROXY": "127.0.0.1",
    }


@contextmanager
def azure() -> Iterator[int]:
    """A server with a container; gives its port."""
    told = "--disableTelemetry", "--inMemoryPersistence", "--skipApiVersionCheck", "--silent"
    process = subprocess.Popen(
        [COMMAND, "--blobHost", "127.0.0.1", "--blobPort", "0", *told],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        ready = next(found for line in process.stdout if (found := _READY.search(line)))
        port = int(ready[1])
        assert _made(port) == 201
        yield port
    finally:
        process.terminate()
        process.communicate()


def _made(port: int) -> int:
    """Make the container; gives the status."""
    headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-08-06"}
    lines = [f"{name}:{value}" for name, value in headers.items()]
    signed = ["PUT", *[""] * 11, *lines, f"/{ACCOUNT}/{ACCOUNT}/{CONTAINER}", "restype:container"]
    headers["Authorization"] = f"SharedKey {ACCOUNT}:{_signature(signed)}"
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("PUT", f"/{ACCOUNT}/{CONTAINER}?restype=container", headers=headers)
    status = line.getresponse().status
    line.close()
    return status


def token(may: str, until: str = "2099-01-01T00:00:00Z") -> str:
    """A shared access signature for the container: `r`, `c`, `w`, `d`, `l`, in this order."""
    version, where = "2020-12-06", f"/blob/{ACCOUNT}/{CONTAINER}"
    signed = [may, "", until, where, "", "", "", version, "c", *[""] * 7]
    given = {"sv": version, "sr": "c", "sp": may, "se": until, "sig": _signature(signed)}
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in given.items())


def _signature(lines: list[str]) -> str:
    text = "\n".join(lines).encode()
    return base64.b64encode(hmac.digest(base64.b64decode(KEY), text, hashlib.sha256)).decode()
