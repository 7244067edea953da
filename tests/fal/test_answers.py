"""What the service's answers mean, however odd they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.errors import Charged
from storyboard.fal import answers
from storyboard.fal.incoming import Answer
from storyboard.service import Accepted

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
NAMES = st.sampled_from(
    ["status", "error", "error_type", "queue_position", "video", "url", "file_size", "detail",
     "loc", "msg", "request_id", "status_url", "response_url", "cancel_url", "prices",
     "endpoint_id"]
)  # fmt: skip
ODD = st.dictionaries(NAMES, JSON, max_size=6) | JSON


@given(answer=ODD)
def test_no_answer_is_too_odd(answer: Any) -> None:
    """Whatever JSON comes: a value, or None; never a crash."""
    found = Answer(422, answer)
    answers.progress(found)
    answers.accepted(answer, Accepted("app", "id", {"status_url": "a", "cancel_url": "b"}))
    answers.request_id(answer)
    answers.outcome(answer, {"x-fal-billable-units": "x"})
    answers.reason(answer)
    answers.fields(answers.details(answer))
    answers.refused(found)
    answers.failed(found)


def test_reasons_are_given_without_the_input_they_repeat() -> None:
    """The field, the message; not the prompt, not the addresses."""
    detail = {"loc": ["body", "prompt"], "msg": "too rude", "type": "x", "input": "the secret"}
    assert answers.reason({"detail": [detail]}) == "prompt: too rude"
    assert answers.fields(answers.details({"detail": [detail]})) == ["prompt"]


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("IN_QUEUE", "queued"),
        ("IN_PROGRESS", "running"),
        ("COMPLETED", "completed"),
        ("completed", "completed"),
        ("FAILED", "completed"),
        ("CANCELLED", "completed"),
        ("THINKING", "running"),
    ],
)
def test_words_and_what_they_mean(word: str, state: str) -> None:
    """fal.ai documents three; others have been seen."""
    assert answers.progress(Answer(200, {"status": word})).state == state


def test_whether_it_may_have_cost() -> None:
    """At the door nothing; later a 422 may, and an error of the service's own does not."""
    said = {"detail": "no"}
    assert answers.refused(Answer(422, said)).charged is Charged.NO
    assert answers.failed(Answer(422, said)).charged is Charged.POSSIBLY
    assert answers.charged(Answer(500, said)) is Charged.NO
    assert answers.charged(Answer(502)) is Charged.POSSIBLY


@pytest.mark.parametrize(
    ("written", "seconds"), [("3", 3.0), ("0.5", 0.5), ("-1", 0.0), ("9999", 600.0), ("soon", None)]
)
def test_how_long_the_service_asks_to_wait(written: str, seconds: float | None) -> None:
    """Seconds, at most ten minutes; a date is not understood."""
    assert answers.retry_after(Answer(429, headers={"retry-after": written})) == seconds


@pytest.mark.parametrize(
    ("url", "service", "media"),
    [
        ("https://queue.fal.run/x", True, True),
        ("https://v3b.fal.media/x.mp4", False, True),
        ("http://queue.fal.run/x", False, False),
        ("https://queue.fal.run:8443/x", False, False),
        ("https://key@queue.fal.run/x", False, False),
        ("https://queue.fal.run.evil.example/x", False, False),
        ("https://evilfal.media/x", False, False),
        ("file:///etc/passwd", False, False),
        ("", False, False),
        ("https://[", False, False),
    ],
)
def test_where_the_key_and_where_a_download_may_go(url: str, service: bool, media: bool) -> None:
    """https, the usual port, the service's own names."""
    assert answers.is_service(url) is service
    assert answers.is_media(url) is media
