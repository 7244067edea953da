"""A media place in a bucket: S3 and what speaks like it, Google Cloud Storage, Azure, by obstore.

obstore is an extra, and imported when a bucket is used. Each object is put in one step; a new one
under a condition that the service checks: `If-None-Match: *` (S3, Azure), generation 0 (Google).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from storyboard.depot.protocol import Deposited
from storyboard.errors import StoreError

PATIENCE = {"max_retries": 4, "retry_timeout": timedelta(seconds=60)}
CLIENT = {"connect_timeout": "10s", "timeout": "300s"}
_CODE = re.compile(r"<Code>(\w+)</Code>|status code: (\d{3})")
_MISSING = "buckets need a package more: pip install obstore"
_BLOCK = 1 << 20
_TRIES = 20
"""How often a new object is refused that is not there."""


class BucketDepot:
    """A bucket, or a part of one: the address's path comes before all names."""

    def __init__(self, address: str) -> None:
        """`address` is `s3://bucket/path`, `gs://bucket/path` or `az://container/path`. What else
        is needed stands in the variables of the service: keys, region, endpoint, account."""
        self._address = address.rstrip("/")
        self._opened: Any = None

    def __repr__(self) -> str:
        return f"<BucketDepot {self.where!r}>"

    @property
    def where(self) -> str:
        """The address."""
        return self._address

    def prepare(self) -> None:
        """Open it; StoreError where the extra or the credentials are missing."""
        _ = self._store

    def create(self, name: str, data: bytes) -> bool:
        """Write a new object; False where the name is taken.

        An answer may be lost, and the request repeated: then the name is taken by these bytes. A
        refusal may mean that others are at it (S3's 409), and nobody has it: then it is tried anew.
        """
        with self._told("write"):
            for _ in range(_TRIES):
                try:
                    _obstore().put(self._store, name, data, mode="create")
                except _errors("AlreadyExistsError", "PreconditionError"):
                    there = self.read(name)
                    if there is not None:
                        return there == data
                else:
                    return True
            raise StoreError(f"{self.where}/{name} can't be written: others are at it; run again")

    def put(self, name: str, file: Path) -> None:
        """Copy a file there: an object appears once all of it has arrived."""
        with self._told("write"):
            _obstore().put(self._store, name, file)

    def read(self, name: str) -> bytes | None:
        """The bytes of an object; None where there is none."""
        with self._told("read"):
            try:
                return bytes(_obstore().get(self._store, name).bytes())
            except FileNotFoundError as error:
                _require_bucket(error)
                return None

    def fetch(self, name: str, to: Path) -> bool:
        """Copy an object to this machine."""
        with self._told("read"):
            try:
                coming = _obstore().get(self._store, name)
            except FileNotFoundError as error:
                _require_bucket(error)
                return False
            with to.open("wb") as file:
                for block in coming.stream(min_chunk_size=_BLOCK):
                    file.write(block)
            return True

    def has(self, name: str) -> bool:
        """Whether there is such an object."""
        with self._told("read"):
            try:
                _obstore().head(self._store, name)
            except FileNotFoundError as error:
                _require_bucket(error)
                return False
            return True

    def names(self, under: str) -> list[Deposited]:
        """The objects below a folder."""
        with self._told("list"):
            found = [
                Deposited(
                    one["path"],
                    one["size"],
                    str(one["e_tag"] or one["last_modified"]),
                    one["last_modified"].timestamp(),
                )
                for page in _obstore().list(self._store, under, chunk_size=1000)
                for one in page
            ]
        return sorted(found, key=lambda one: one.name)

    def remove(self, name: str) -> None:
        """Take an object away."""
        with self._told("delete"):
            try:
                _obstore().delete(self._store, name)
            except FileNotFoundError:
                return

    @property
    def _scheme(self) -> str:
        return urlsplit(self._address).scheme

    @property
    def _store(self) -> Any:
        if self._opened is None:
            provider = _credentials(self._address)
            more = {"credential_provider": provider} if provider else {}
            client: dict[str, Any] = {**CLIENT, "allow_http": _may_be_plain(self._scheme)}
            with self._told("open"):
                opened = import_module("obstore.store").from_url
                self._opened = opened(
                    self._address, client_options=client, retry_config=PATIENCE, **more
                )
        return self._opened

    @contextmanager
    def _told(self, verb: str) -> Iterator[None]:
        """What went wrong, in one sentence."""
        try:
            yield
        except StoreError:
            raise
        except ImportError as error:
            raise StoreError(f"{self.where} can't be used: {_MISSING}") from error
        except Exception as error:
            if not isinstance(error, (OSError, _obstore().exceptions.BaseError)):
                raise
            raise StoreError(f"{self.where}: {_why(error, verb, self._scheme)}") from error


def _require_bucket(error: FileNotFoundError) -> None:
    """An object may be missing; a bucket that is not there is a mistake."""
    if "NoSuchBucket" in str(error) or "ContainerNotFound" in str(error):
        raise error


def _obstore() -> Any:
    return import_module("obstore")


def _errors(*names: str) -> tuple[type[Exception], ...]:
    return tuple(getattr(_obstore().exceptions, name) for name in names)


def _credentials(address: str) -> Callable[[], Any] | None:
    """Whoever finds credentials where the variables have none: boto3, with its profiles, if that
    is installed; else the service is asked by obstore itself. StoreError where there are none."""
    known = ("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_SKIP_SIGNATURE")
    if urlsplit(address).scheme not in ("s3", "s3a") or any(os.environ.get(one) for one in known):
        return None
    if any(name.startswith("AWS_CONTAINER_CREDENTIALS") for name in os.environ):
        return None
    try:
        provider: Callable[[], Any] = import_module("obstore.auth.boto3").Boto3CredentialProvider()
    except ImportError:
        return None
    except Exception as error:
        raise StoreError(
            f"{address}: there are no credentials; set {_CREDENTIALS['s3']}"
        ) from error
    return provider


_ENDPOINTS = {
    "s3": ("AWS_ENDPOINT",),
    "gs": ("GOOGLE_BASE_URL",),
    "az": ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"),
}
"""How variables begin that name another server than the service's own, by the address's scheme."""


def _may_be_plain(scheme: str) -> bool:
    """Whether the user's own endpoint is one without TLS, as servers on one's own network are."""
    return any(
        name.startswith(_ENDPOINTS[scheme]) and address.startswith("http://")
        for name, address in os.environ.items()
    )


_NO_BUCKET = "there is no such bucket; make it, or mend its name"
_REASONS = (
    (("NoSuchBucket", "ContainerNotFound"), _NO_BUCKET),
    (
        ("PermanentRedirect", "AuthorizationHeaderMalformed", "incorrectly configured region",
         "IllegalLocationConstraintException", "IncorrectEndpoint"),
        "the bucket is in another region; set AWS_REGION to its own",
    ),
    (("InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken",
      "UnauthenticatedError", "AuthenticationFailed", "failed to authenticate",
      "Invalid Access Key", "Unable to decode service account"),
     "the credentials are not taken; set others"),
    (("169.254.169.254", "metadata.google", "token request", "Missing", "must be specified",
      "OpenCredentials"), "there are no credentials; set {credentials}"),
    (("AccessDenied", "PermissionDenied", "403 Forbidden"), "may not {verb} there; the credentials "
     "need to list, read, write and delete"),
    (("NotImplemented",), "it does not know the condition that lets one machine buy at a time"),
    (("error sending request", "timed out", "dns error"), "can't be reached; check the network, "
     "and {endpoint}"),
)  # fmt: skip
"""What the words of an error mean; the first row that fits counts."""


_CREDENTIALS = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS to the file of a service account",
    "az": "AZURE_STORAGE_ACCOUNT_NAME, and AZURE_STORAGE_ACCOUNT_KEY or another way in",
}
"""What names whoever may, by the address's scheme."""
_SERVER = {
    "s3": "AWS_ENDPOINT_URL where it is not Amazon's own",
    "gs": "GOOGLE_BASE_URL where it is not Google's own",
    "az": "AZURE_STORAGE_ACCOUNT_NAME, or AZURE_STORAGE_ENDPOINT where it is not Azure's own",
}
"""What names the server."""


def _why(error: Exception, verb: str, scheme: str) -> str:
    if isinstance(error, FileNotFoundError):  # an object that is missing is no error
        return _NO_BUCKET
    words = f"{type(error).__name__} {error}"
    for marks, reason in _REASONS:
        if any(mark in words for mark in marks):
            return reason.format(
                verb=verb, credentials=_CREDENTIALS[scheme], endpoint=_SERVER[scheme]
            )
    code = _CODE.search(words)
    said = next(filter(None, code.groups())) if code else str(error).split("\n")[0][:200]
    return f"can't {verb} ({said})"
