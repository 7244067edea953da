"""Loading the storyboard that a command names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from storyboard import files
from storyboard.cli.options import parsed_variables
from storyboard.loading.checked import CheckedStoryboard
from storyboard.loading.load import parse
from storyboard.loading.remote import fetcher
from storyboard.loading.sources import read_text
from storyboard.store import Store
from storyboard.workflows.preflight import Seen, looked_over
from storyboard.workflows.render import store_for


@dataclass(frozen=True, slots=True)
class Reading:
    """How a storyboard is read: the options of `storyboard_options`."""

    file: Path
    variables: tuple[str, ...]
    store: Path | None
    confine: Path | None
    allow_private_hosts: bool
    refetch: bool

    @property
    def shelf(self) -> Store:
        """The storyboard's store."""
        return store_for(self.file, self.store)

    def storyboard(self, *, draft: bool = False) -> CheckedStoryboard:
        """The storyboard, or `InvalidStoryboard`."""
        return self.parsed(self.text(), draft=draft)

    def text(self) -> bytes:
        """The storyboard's bytes, or `InvalidStoryboard`."""
        return read_text(files.as_on_disk(self.file))

    def parsed(self, text: bytes, *, draft: bool = False) -> CheckedStoryboard:
        """The storyboard in these bytes, as if they were the file's, or `InvalidStoryboard`."""
        fetch = fetcher(
            self.shelf.folder / "web", allow_private=self.allow_private_hosts, again=self.refetch
        )
        return parse(
            text,
            files.as_on_disk(self.file),
            variables=parsed_variables(self.variables),
            draft=draft,
            confine=self.confine,
            fetch=fetch,
        )

    def checked(self, *, draft: bool = False) -> CheckedStoryboard:
        """The same, with everything about it that can be known before paying."""
        return looked_over(self.storyboard(draft=draft), Seen(self.shelf.folder))
