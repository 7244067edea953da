"""`models`, `models show`, `models check` and `plan --compare`, as they are used."""

from __future__ import annotations

import re
from pathlib import Path

from storyboard.cli.models_page import README, put
from storyboard.models.table import MODELS, ROWS
from storyboard.testing import FakeService, Fault, acts
from tests.boards import board
from tests.cli.running import storyboard

WIDE = {"COLUMNS": "160"}


def test_the_table() -> None:
    """One row a model, with what it offers, what five seconds cost, and when that was read."""
    found = storyboard("models", environment=WIDE)
    lines = [line.split("  ") for line in found.out.splitlines()]
    assert found.code == 0
    assert [line[0].removesuffix(" ?") for line in lines[1:]] == list(MODELS)
    (pixverse,) = [line for line in lines if line[0] == "pixverse-6"]
    cells = [cell.strip() for cell in pixverse if cell]
    assert cells[1:] == [
        "1 to 15 s",
        "720p, 360p, 540p, 1080p",
        "if asked",
        "required",
        "$0.225",
        "2026-10-03",
    ]
    assert "veo-3.1 ?" in found.out
    assert "not known" in found.out


def test_as_data() -> None:
    """Everything a program needs to choose."""
    models = {one["alias"]: one for one in storyboard("models", "--json").data}
    assert set(models) == set(MODELS)
    h3 = models["h3"]
    assert h3["price_of"] == {"seconds": 5.0, "microusd": 330_000, "at_most": True}
    assert h3["sound"] == "always"
    assert h3["options"]["resolution"]["default"] == "768p"
    assert models["rife"]["price_of"]["microusd"] is None
    assert models["wan-2.2-turbo"]["doubt"]


def test_one_model() -> None:
    """Its options, what it always sends, and where all that is from; or what there is instead."""
    found = storyboard("models", "show", "wan-3")
    assert "prompt_expansion  false, true; usually false" in found.out
    assert "aspect_ratio=adaptive" in found.out
    assert "2026-10-08: third parties" in found.out
    trap = storyboard("models", "show", "hailuo-2.3")
    assert trap.code != 0
    assert "has no end frame; the nearest is hailuo-02-standard" in trap.err


def test_the_readmes_table() -> None:
    """`python -m storyboard.cli.models_page` was run after the last change of a row."""
    text = README.read_text("utf-8")
    assert text == put(text)


def test_a_check_finds_that_nothing_differs() -> None:
    """Every row beside the schema that its endpoint publishes; nothing is paid, no key is sent."""
    with FakeService() as service:
        found = storyboard("models", "check", environment=service.environment)
        assert service.paid == []
        assert service.leaks == []
        asked = service.requests(place="schema")
    assert found.code == 0, found.out
    # Also the endpoints that some models have for shots without an end frame
    assert len(asked) == sum(len(row.endpoints) for row in ROWS if not row.maker)
    assert {line.partition(": ")[2] for line in found.out.splitlines()} == {"as its row says"}


def _changed(document: dict[str, object]) -> dict[str, object]:
    """What a service does to its users."""
    made = document["components"]["schemas"]["TheInput"]  # type: ignore[index]
    properties = made["properties"]
    del properties["enable_thinking"]
    properties["resolution"] = {"enum": ["720p", "1080p", "4k"], "default": "4k"}
    properties["duration"] = {"type": "string", "default": "5"}
    properties["audio"] = {"anyOf": [{"type": "boolean"}, {"type": "null"}], "default": False}
    properties["end_image_url"] = {"type": "string", "description": "(Deprecated) ignored."}
    made["required"] = [*made["required"], "licence"]
    document["components"]["schemas"]["TheOutput"] = {  # type: ignore[index]
        "properties": {"videos": {"type": "array"}}
    }
    return document


def test_a_check_says_what_differs() -> None:
    """An argument gone, one required, choices, a type, defaults, an end frame without effect."""
    with FakeService() as service:
        service.inject(Fault("schema", acts.edit(_changed)))
        found = storyboard("models", "check", "wan-3", "--json", environment=service.environment)
    assert found.code == 9
    (one,) = found.data
    assert one["differences"] == [
        "enable_thinking is not an argument any more",
        "licence is required, and not sent",
        "end_image_url has no effect any more: (deprecated) ignored.",
        "duration is string now, and 2 is sent",
        'resolution can\'t be "480p" any more; it takes "720p", "1080p", "4k"',
        'resolution may be "4k" as well',
        'the default of resolution is "4k" now, and was "1080p"',
        "the default of audio is False now, and was True",
        "its answer has no video.url any more",
    ]


def _shorter(document: dict[str, object]) -> dict[str, object]:
    """What a service does to those who send many pictures, and many words."""
    properties = document["components"]["schemas"]["TheInput"]["properties"]  # type: ignore[index]
    properties["keyframes"]["maxItems"] = 8
    properties["prompt"]["maxLength"] = 500
    del properties["keyframe_indexes"]
    return document


def test_a_check_of_many_keyframes_says_what_differs() -> None:
    """A list that takes fewer pictures, one that is gone, and a shorter prompt."""
    with FakeService() as service:
        service.inject(Fault("schema", acts.edit(_shorter)))
        found = storyboard(
            "models", "check", "ray-3.2-keyframes", "--json", environment=service.environment
        )
    (one,) = found.data
    assert one["differences"] == [
        "keyframe_indexes is not an argument any more",
        "keyframes takes 8 pictures, and was 64",
        "prompt takes 500 characters",
    ]


def _without_start(document: dict[str, object]) -> dict[str, object]:
    """The endpoint for shots without an end frame calls its picture otherwise."""
    if document["info"]["title"] == "fal-ai/veo3.1/image-to-video":  # type: ignore[index]
        made = document["components"]["schemas"]["TheInput"]  # type: ignore[index]
        made["properties"]["picture"] = made["properties"].pop("image_url")
        made["required"] = ["picture", "prompt"]
    return document


def test_a_check_looks_at_the_endpoint_for_open_ended_shots() -> None:
    """What differs there is said with its name."""
    with FakeService() as service:
        service.inject(Fault("schema", acts.edit(_without_start), times=None))
        found = storyboard("models", "check", "veo-3.1", "--json", environment=service.environment)
    (one,) = found.data
    assert one["differences"] == [
        "fal-ai/veo3.1/image-to-video: image_url is not an argument any more",
        "fal-ai/veo3.1/image-to-video: picture is required, and not sent",
    ]


def test_a_check_of_an_endpoint_that_is_gone() -> None:
    """It is a difference; an answer that can't be read is none."""
    with FakeService() as service:
        service.inject(Fault("schema", acts.answer(404, {"detail": "Endpoint not found"})))
        gone = storyboard("models", "check", "wan-3", environment=service.environment)
    assert (gone.code, gone.out) == (9, "wan-3: fal.ai has no such endpoint any more\n")
    with FakeService() as service:
        service.inject(Fault("schema", acts.answer(200, {"paths": {}})))
        odd = storyboard("models", "check", "wan-3", environment=service.environment)
    assert odd.code == 0
    assert "its schema can't be read: it is no schema of an endpoint" in odd.out


def test_a_check_of_what_is_drawn_here() -> None:
    """Said, and nobody is asked."""
    told = storyboard("models", "check", "draft")
    assert told.code == 0
    assert "draft: drawn on this machine" in told.out


def test_a_check_without_a_network() -> None:
    """One sentence that says what to do."""
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "ALL_PROXY": "", "NO_PROXY": ""}
    found = storyboard("models", "check", "wan-3", environment=nowhere)
    assert found.code == 6
    words = "storyboard: fal.ai can't be reached: connect to the network, and try again\n"
    assert found.err == words


def test_a_film_with_several_models(tmp_path: Path) -> None:
    """What each shot and the whole costs with each, what is bought, and what can't be made."""
    extra = ["options: {seed: 7}", "model: wan-3"]
    path = board(tmp_path, keyframes=3, extra=extra, shot="options: {resolution: 480p}")
    path.write_text(path.read_text().replace("to 2, options: {resolution: 480p}", "to 2"))
    names = "kling-o1-pro,ltx-2.3,wan-3,vidu-q2-pro,rife"
    found = storyboard("plan", path, "--compare", names, environment=WIDE)
    assert found.code == 0, found.err
    # A star marks each price that is without some of the shot's options
    table = found.out.replace(" *", "*").splitlines()[:6]
    assert [line.split() for line in table] == [
        ["shot", "kling-o1-pro", "ltx-2.3", "wan-3", "vidu-q2-pro", "rife", "?"],
        ["sh010", "$0.336*", "$0.48*", "$0.15", "$0.25*", "no"],
        ["sh020", "$0.336*", "$0.48*", "$0.30", "$0.25", "no"],
        ["film", "6", "s", "6", "s", "6", "s", "6", "s", "6", "s"],
        ["bought", "6", "s", "12", "s", "6", "s", "6", "s", "0", "s"],
        ["all", "$0.672*", "$0.96*", "$0.45", "$0.50*", "no"],
    ]
    # And each shot says which
    said = found.out.splitlines()
    assert "* sh010: kling-o1-pro has no resolution, seed" in said
    assert "* sh020: kling-o1-pro has no seed" in said
    assert "* sh010: vidu-q2-pro has no resolution 480p" in said
    assert "rife: its price is not established" in " ".join(found.out.split())
    data = storyboard("plan", path, "--compare", names, "--json").data
    assert [one["price_microusd"] for one in data] == [672_000, 960_000, 450_000, 500_000, 0]
    assert [shot["without"] for shot in data[0]["shots"]] == [["resolution", "seed"], ["seed"]]
    wrong = storyboard("plan", path, "--compare", "kling-o1-pro,nope-at-all")
    assert wrong.code != 0
    assert "no model is called nope-at-all" in wrong.err


def test_what_has_no_price_says_how_it_can_be_bought(tmp_path: Path) -> None:
    """The words of the refusal, put into the storyboard, buy it once, for what they say at most."""
    # Given a model whose price nobody knows
    path = board(tmp_path, keyframes=2, extra=["model: pixverse-5.6"])
    with FakeService() as service:
        found = storyboard("render", path, "--max-cost", "5", environment=service.environment)
        assert found.code == 3
        said = " ".join(found.err.split())
        assert "film.yaml:3:8: model: pixverse-5.6: its price is not established" in said
        assert service.requests() == []
        # When what it says is done
        (own,) = re.findall(r"`models: (\{.*?\}\}\})`", said)
        assert own == (
            "{my-pixverse-5.6: {like: pixverse-5.6, "
            "price: {per: take, dollars: 1.00, at_most: true}}}"
        )
        text = path.read_text().replace(
            "model: pixverse-5.6", f"model: my-pixverse-5.6\nmodels: {own}"
        )
        path.write_text(text)
        # Then the plan has that price, and it is bought under it, once
        planned = storyboard("plan", path)
        assert "to pay now: $1.00" in planned.out
        assert "the price is the most that it can be" in " ".join(planned.out.split())
        for _ in range(2):
            made = storyboard(
                "render", path, "--max-cost", "1", "--preview", environment=service.environment
            )
            assert made.code == 0, made.err
        assert len(service.paid) == 1
        # And what was charged stays known when the row has left the storyboard
        path.write_text(text.replace("my-pixverse-5.6\n", "kling-o1-standard\n"))
        assert storyboard("status", path, "--json").data["spent_microusd"] == 150_000


def test_models_mark_what_has_no_price() -> None:
    """As they mark what may have ended; `show` says what can be done."""
    found = storyboard("models", environment=WIDE)
    assert all(f"{name} ?" in found.out for name in ("pixverse-5.6", "vidu-q1", "rife"))
    assert "pixverse-6 ?" not in found.out
    shown = " ".join(storyboard("models", "show", "rife").out.split())
    assert "its price is not established; say what you pay at most in a row of your own" in shown
    assert (
        "`models: {my-rife: {like: rife, price: {per: take, dollars: 1.00, at_most: true}}}`"
        in (shown)
    )
