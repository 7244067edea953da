"""The table of conclusions: each row, anything else, and the copy of it in DESIGN.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.fal.conclusions import TABLE, Conclusion, Step, as_markdown, conclude
from storyboard.fal.incoming import Answer

ACCEPTED, REFUSED, FAILED = Conclusion.ACCEPTED, Conclusion.REFUSED, Conclusion.FAILED
GONE, NO_NEWS = Conclusion.GONE, Conclusion.NO_NEWS
SAID = {"detail": "no"}
REASON = {"detail": [{"loc": ["body", "prompt"], "msg": "flagged", "type": "x"}]}
VIDEO = {"video": {"url": "https://v3.fal.media/a.mp4"}}
CANCELLED = {"detail": "cancelled", "error_type": "client_cancelled"}
ENDED = {"ended_at": "2026-01-01T00:00:00Z", "status_code": 500, "json_output": SAID}
ADDRESS = {"access_url": "https://v3.fal.media/a.png"}


def said(*words: str) -> list[dict[str, str]]:
    """Statuses with these words."""
    return [{"status": word} for word in words]


EXAMPLES: tuple[tuple[Step, tuple[int, ...], Any, Conclusion], ...] = (
    (Step.SUBMIT, (200, 201, 202), {"request_id": "abc"}, ACCEPTED),
    (Step.SUBMIT, (401, 402, 403, 400, 404, 413, 422), SAID, REFUSED),
    (Step.SUBMIT, (422,), REASON, REFUSED),
    (Step.SUBMIT, (429,), None, REFUSED),
    (Step.STATUS, (200, 202), {"status": "COMPLETED", "error": "x"}, FAILED),
    (Step.STATUS, (200, 202), {"status": "FAILED"}, ACCEPTED),
    (Step.STATUS, (200, 202), {"status": "FAILED", "error": "x"}, ACCEPTED),
    (Step.STATUS, (200, 202), {"status": "IN_QUEUE"}, ACCEPTED),
    (Step.STATUS, (200, 202), {"status": "COMPLETED"}, ACCEPTED),
    (Step.STATUS, (200, 202), {"status": "PAUSED"}, ACCEPTED),
    (Step.STATUS, (401, 402, 403), SAID, REFUSED),
    (Step.STATUS, (404, 410), None, GONE),
    (Step.RESULT, (200,), VIDEO, ACCEPTED),
    (Step.RESULT, (422,), SAID, FAILED),
    (Step.RESULT, (422,), REASON, FAILED),
    (Step.RESULT, (499,), CANCELLED, FAILED),
    (Step.RESULT, (401, 402, 403), SAID, REFUSED),
    (Step.RESULT, (404, 410), None, GONE),
    (Step.HISTORY, (200,), {"items": []}, ACCEPTED),
    (Step.HISTORY, (401, 402, 403), SAID, REFUSED),
    (Step.ENTRY, (200,), {"json_output": VIDEO}, ACCEPTED),
    (Step.ENTRY, (200,), ENDED, FAILED),
    (Step.PRICES, (200,), {"prices": []}, ACCEPTED),
    (Step.PRICES, (401, 402, 403), SAID, REFUSED),
    (Step.UPLOAD, (200, 201), ADDRESS, ACCEPTED),
    (Step.UPLOAD, (401, 402, 403, 400, 413, 415, 422), SAID, REFUSED),
    (Step.PICTURE, (200, 206), None, ACCEPTED),
    (Step.PICTURE, (403, 404, 410), None, GONE),
    (Step.DOWNLOAD, (200, 206), None, ACCEPTED),
    (Step.DOWNLOAD, (403, 404, 410), None, GONE),
    (Step.CANCEL, (200, 202), said("CANCELLATION_REQUESTED")[0], ACCEPTED),
    (Step.CANCEL, (400,), said("ALREADY_COMPLETED")[0], REFUSED),
    (Step.CANCEL, (404,), said("NOT_FOUND")[0], GONE),
)


@pytest.mark.parametrize(("step", "statuses", "body", "then"), EXAMPLES)
def test_what_is_documented_is_concluded(
    step: Step, statuses: tuple[int, ...], body: Any, then: Conclusion
) -> None:
    """Each answer that the service documents, at each status that goes with it."""
    assert [conclude(step, Answer(status, body)) for status in statuses] == [then] * len(statuses)


def test_every_row_of_the_table_has_an_example() -> None:
    """Walked through, row by row: none is never reached."""
    reached = {
        next(
            number
            for number, rule in enumerate(TABLE)
            if rule.step is step and rule.looks(Answer(status, body), "")
        )
        for step, statuses, body, _ in EXAMPLES
        for status in statuses
    }
    assert reached == set(range(len(TABLE)))


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        (Step.RESULT, Answer(400, {"detail": "Request is still in progress"})),
        (Step.RESULT, Answer(302, VIDEO)),
        *((Step.RESULT, Answer(status, SAID)) for status in (405, 409, 423, 425, 429, 451)),
        *((Step.RESULT, Answer(status, SAID)) for status in (500, 502, 503, 504)),
        (Step.RESULT, Answer(422, "<html>")),
        (Step.RESULT, Answer(422, {"detail": {"msg": "odd"}})),
        (Step.RESULT, Answer(422, {"detail": []})),
        (Step.RESULT, Answer(422, {"detail": " "})),
        (Step.RESULT, Answer(422, {**SAID, "request_id": "another"})),
        (Step.RESULT, Answer(499, {"detail": "x", "error_type": "client_disconnected"})),
        (Step.RESULT, Answer(200, {**VIDEO, "request_id": "another"})),
        (Step.RESULT, Answer(200, {})),
        (Step.STATUS, Answer(200, {"status": "FAILED", "request_id": "another"})),
        (Step.STATUS, Answer(500, {"status": "FAILED"})),
        (Step.STATUS, Answer(200, [])),
        (Step.SUBMIT, Answer(200, {"request_id": ""})),
        (Step.SUBMIT, Answer(200, {"request_id": "a/../b"})),
        (Step.SUBMIT, Answer(500, {"request_id": "abc"})),
        (Step.SUBMIT, Answer(422, "<html>")),
        (Step.SUBMIT, Answer(409, SAID)),
        (Step.HISTORY, Answer(200, {"items": None})),
        (Step.ENTRY, Answer(200, {**ENDED, "ended_at": None})),
        (Step.CANCEL, Answer(404, {})),
    ],
)
def test_what_nobody_documents_is_no_news(step: Step, answer: Answer) -> None:
    """However much it looks like an end."""
    assert conclude(step, answer, "this") is NO_NEWS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 600) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
TELLING = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["COMPLETED", "FAILED", "IN_QUEUE", "NOT_FOUND", "x"]) | JSON,
        "error": JSON,
        "error_type": st.just("client_cancelled") | JSON,
        "detail": st.just("no") | st.just(REASON["detail"]) | JSON,
        "request_id": st.sampled_from(["this", "another"]) | JSON,
        "video": st.just(VIDEO["video"]) | JSON,
        "items": JSON,
        "ended_at": st.just("then") | JSON,
        "status_code": st.integers(100, 599) | JSON,
        "json_output": st.just(VIDEO) | JSON,
        "access_url": st.just(ADDRESS["access_url"]) | JSON,
    },
)
MOST: dict[tuple[Step, Conclusion], set[int]] = {}
for _step, _statuses, _, _then in EXAMPLES:
    MOST.setdefault((_step, _then), set()).update(_statuses)


@given(step=st.sampled_from(Step), status=st.integers(100, 599), body=TELLING | JSON)
def test_never_more_is_concluded_than_is_documented(step: Step, status: int, body: Any) -> None:
    """Any status, any body, at every step: an end only where the documentation has one."""
    then = conclude(step, Answer(status, body), "this")
    found = body if isinstance(body, dict) else {}
    if then is NO_NEWS:
        return
    if step is not Step.ENTRY and then is not ACCEPTED:
        assert status in MOST[step, then]
    if then is ACCEPTED and step is not Step.ENTRY:
        assert 200 <= status < 300
    if then is FAILED and step is Step.RESULT:
        assert found.get("detail") or found.get("error_type") == "client_cancelled"
    if then is FAILED and step is not Step.ENTRY:
        assert found.get("request_id") in (None, "this")
    if then is FAILED and step is Step.ENTRY:
        assert found["status_code"] >= 400
        assert found.get("json_output") != VIDEO


def test_the_table_in_the_design_is_this_one() -> None:
    """DESIGN.md has it word for word: `python -m storyboard.fal.conclusions` prints it."""
    design = Path(__file__).parents[2] / "DESIGN.md"
    assert as_markdown() in design.read_text(encoding="utf-8")
