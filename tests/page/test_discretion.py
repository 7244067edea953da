"""What a page says to whoever gets it, of the machine that it was made on: nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyboard.page.discretion import for_others

FILE = Path("/home/ana b/films/ride's.yaml")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("`storyboard resume` collects it", "`storyboard resume 'ride'\"'\"'s.yaml'` collects it"),
        (
            "`storyboard resolve --abandon sh010`",
            "`storyboard resolve 'ride'\"'\"'s.yaml' --abandon sh010`",
        ),
        ("`storyboard take sh010`", "`storyboard take sh010`"),
        ("/home/ana b/films/ride's.yaml.notes.jsonl:2: no", "ride's.yaml.notes.jsonl:2: no"),
        ("kept as /var/store/parts/a.unusable.", "kept as a.unusable."),
        ("in ~/films/x.mp4, or '/srv/y z.mp4'", "in x.mp4, or 'y z.mp4'"),
        (
            "top up at https://fal.ai/dashboard/billing.",
            "top up at https://fal.ai/dashboard/billing.",
        ),
        ("24000/1001 and and/or 1/2/3", "24000/1001 and and/or 1/2/3"),
    ],
)
def test_commands_name_the_file_and_paths_are_left_out(words: str, said: str) -> None:
    """Given a sentence, then it can be read by anybody."""
    assert for_others(FILE)(words) == said


def test_a_name_that_looks_like_an_option_is_none() -> None:
    """Given a file that begins with a dash, then its command can be pasted."""
    assert for_others(Path("-x.yaml"))("`storyboard resume`") == "`storyboard resume ./-x.yaml`"
