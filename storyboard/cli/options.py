"""Arguments and options that several commands share."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from storyboard import workflows
from storyboard.cli import advice, prelude
from storyboard.cli.finding import storyboard_in
from storyboard.cli.reporting import Reporting
from storyboard.event_log import STDERR, EventLog
from storyboard.units.money import parse_dollars

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from storyboard.store import Store
    from storyboard.workflows.hiring import Hired
    from storyboard.workflows.notifying import Notified
    from storyboard.workflows.source import StoryboardFile

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def usd(ctx: click.Context, param: click.Parameter, written: str | None) -> int | None:
    """A sum of US dollars (`2`, `2.50`, `$2`) in micro-dollars; wrong usage where it is none."""
    if written is None:
        return None
    try:
        return parse_dollars(written)
    except ValueError as error:
        raise click.BadParameter(f"{written!r} {error}", ctx, param) from error


if TYPE_CHECKING:
    _Name = click.ParamType[str]
else:  # older versions of click have no such brackets
    _Name = click.ParamType


class Codecs(_Name):
    """A codec's name. The table is read when it is needed: it comes with the whole of FFmpeg."""

    name = "codec"

    def get_metavar(self, *given: Any, **named: Any) -> str | None:
        """The names, for the help."""
        return _codecs().get_metavar(*given, **named)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """One of the names; wrong usage for any other."""
        return str(_codecs().convert(value, param, ctx))


def _codecs() -> click.Choice[str]:
    return click.Choice(workflows.codecs.CODECS)


def the_storyboard(named: Path | None) -> Path:
    """The storyboard that is named, or the only one here."""
    file = named or storyboard_in(Path())
    advice.remember(file=file)
    return file


def _file(_context: click.Context, _parameter: click.Parameter, named: Path | None) -> Path:
    return the_storyboard(named)


def _variables(
    _context: click.Context, _parameter: click.Parameter, pairs: tuple[str, ...]
) -> tuple[str, ...]:
    advice.remember(variables=pairs)
    return pairs


def _store(
    _context: click.Context, _parameter: click.Parameter, folder: Path | None
) -> Path | None:
    advice.remember(store=folder)
    return folder


def _media(_context: click.Context, _parameter: click.Parameter, place: str | None) -> str | None:
    advice.remember(media=place)
    return place


FILE = click.argument("file", type=click.Path(path_type=Path), required=False, callback=_file)
VARIABLES = click.option(
    "--var",
    "variables",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_variables,
    help="Set a variable of the file.",
)
STORE = click.option(
    "--store",
    type=click.Path(path_type=Path, file_okay=False),
    callback=_store,
    help="The folder of takes and ledger. Default: STORYBOARD_STORE, else .storyboard beside FILE.",
)
MEDIA = click.option(
    "--media",
    metavar="PLACE",
    callback=_media,
    help="Where takes are shared with other machines: a folder, s3://, gs:// or az://; none: not "
    "at all. Default: STORYBOARD_MEDIA, else the file's `media`.",
)
CONFINE = click.option(
    "--confine",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Refuse every file that lies outside this folder.",
)
PRIVATE = click.option(
    "--allow-private-hosts", is_flag=True, help="Fetch pictures from this network's hosts, too."
)
REFETCH = click.option("--refetch", is_flag=True, help="Fetch pictures from the web anew.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print plain data instead of text.")
RETRY = click.option(
    "--retry", is_flag=True, help="Send again, and pay again for, what the service refused."
)
DRAFT = click.option("--draft", is_flag=True, help="Draw what is not paid for: free, offline.")


def _workers(
    context: click.Context, parameter: click.Parameter, written: str | None
) -> Hired | None:
    if written is None:
        return None
    try:
        return workflows.hiring.parsed(written)
    except ValueError as error:
        raise click.BadParameter(f"{written!r} {error}", context, parameter) from error


WORKERS = click.option(
    "--workers",
    callback=_workers,
    metavar="WHO",
    help="Who draws, checks, measures and encodes: a number of processes, dask://HOST:8786, or "
    "MODULE:CALLABLE that gives an executor. Default: threads of this process.",
)


def _notified(
    context: click.Context, parameter: click.Parameter, written: str | None
) -> Notified | None:
    if not written:
        return None
    try:
        return workflows.notifying.Notified.parse(written)
    except ValueError as error:
        raise click.BadParameter(str(error), context, parameter) from error


_LOGGING = (
    click.option("-q", "--quiet", is_flag=True, help="Show no progress, only what matters."),
    click.option(
        "-v", "--verbose", is_flag=True, help="A line with its time for each change, nothing drawn."
    ),
    click.option(
        "--log-json",
        metavar="FILE",
        help="Write each event as a JSON object, one a line, with its time: into a file, behind "
        "what it has, or - for stderr, in place of progress.",
    ),
)
_NOTIFY = click.option(
    "--notify",
    metavar="WHOM",
    envvar="STORYBOARD_NOTIFY",
    callback=_notified,
    help="Tell how it ended: an https:// address, by POST, or a command, on its stdin. "
    "Default: STORYBOARD_NOTIFY.",
)


def _size(context: click.Context, parameter: click.Parameter, written: str | None) -> Any:
    if written is None:
        return None
    try:
        return workflows.finish.Size.parse(written)
    except ValueError as error:
        raise click.BadParameter(f"{written!r} {error}", context, parameter) from error


SIZE = click.option(
    "--size",
    callback=_size,
    metavar="SIZE",
    help="Another size from the same takes: 1080x1920, 1080p, or a shape such as 9:16.",
)
REFRAME = click.option(
    "--reframe",
    type=click.Choice(["crop", "blur", "pad"]),
    help="How pictures of another shape fill it: crop (focus says what stays), blur or pad "
    "(whole, between bars). Default: crop.",
)
ENCODERS = ("auto", "x264", "nvenc", "qsv", "amf", "videotoolbox")

_FINISH = (
    SIZE,
    REFRAME,
    click.option(
        "--safe",
        type=click.Choice(["title", "phone"]),
        help="What words keep clear of at another size: the edges, or what a phone's player "
        "covers. Default: by its shape.",
    ),
    click.option(
        "--codec",
        type=Codecs(),
        help="How the film is encoded; hevc, prores and dnxhr keep 10 bits. Default: h264; of a "
        "film called .webm vp9, and of one called .gif gif.",
    ),
    click.option(
        "--quality", type=int, help="CRF of h264, hevc, vp9 or av1; lower is better and larger."
    ),
    click.option("--quick", is_flag=True, help="Less work, same picture, larger h264 file."),
    click.option(
        "--preview",
        is_flag=True,
        help="Small and quick, to be looked at once; drafts are drawn small, too.",
    ),
    click.option(
        "--encoder",
        type=click.Choice(ENCODERS),
        default="x264",
        show_default=True,
        help="What encodes h264. auto: hardware that works here, else x264. Hardware is quicker, "
        "makes larger files, and encodes all frames.",
    ),
    click.option(
        "--join",
        type=click.Choice(["auto", "encode"]),
        default="auto",
        show_default=True,
        help="auto: takes keep their own packets where that gives exactly this film; encode: one "
        "uniform stream. --quality, --codec and --preview choose encode.",
    ),
    click.option(
        "--captions",
        type=click.Choice(["burned", "track", "files"]),
        default="burned",
        show_default=True,
        help="In the picture, on a track of the film, or as SRT and WebVTT beside it.",
    ),
    click.option(
        "--poster", type=click.Path(path_type=Path), help="Also write one picture of the film."
    ),
    click.option(
        "--seam-pictures",
        "pictures",
        type=click.Path(path_type=Path, file_okay=False),
        help="Also write a picture of each seam into this folder.",
    ),
    click.option(
        "--burn-in/--no-burn-in",
        default=True,
        help="Stamp DRAFT on drafts, with shot, timecode and prompt. On by default.",
    ),
)


def _ids(
    context: click.Context, parameter: click.Parameter, written: str | None
) -> list[str] | None:
    ids = parsed_ids(written)
    if ids == []:
        raise click.UsageError(f"{parameter.opts[0]}: name one, or leave it out", context)
    return ids


def _kinds(
    context: click.Context, _parameter: click.Parameter, written: str | None
) -> tuple[str, ...]:
    kinds = parsed_ids(written) or []
    there = workflows.qc.KINDS if kinds else ()
    for kind in kinds:
        if kind not in there:
            raise click.UsageError(f"--fail-on {kind}: there are {', '.join(there)}", context)
    return tuple(kinds)


ONLY = click.option(
    "--only",
    metavar="SHOTS",
    callback=_ids,
    help="Generate these shots alone: ids with commas between them.",
)
VERSIONS = click.option(
    "--versions",
    metavar="NAMES",
    callback=_ids,
    help="Write these of the storyboard's versions, with commas between them; film is the film "
    "itself. Default: the film and all of them.",
)
FAIL_ON = click.option(
    "--fail-on",
    metavar="KINDS",
    callback=_kinds,
    help="Leave with code 9 where a seam has one of these: duplicate, pause, jump, colour, soft, "
    "cut; with commas between them.",
)


def finish_options(command: Decorated) -> Decorated:
    """How the film is finished, given to the command as `finish`."""

    @wraps(command)
    def finished(**given: Any) -> Any:
        kind = workflows.finish.Finish
        chosen = {field.name: given.pop(field.name) for field in fields(kind)}
        if chosen["safe"] and not (chosen["size"] or chosen["reframe"]):
            raise click.UsageError("--safe is of another size; give --size or --reframe, too")
        return command(finish=kind(**chosen), **given)

    for option in reversed(_FINISH):
        finished = option(finished)
    return cast("Decorated", finished)


def reporting_options(command: Decorated) -> Decorated:
    """How much is said while it works, and who is told of its end, given to the command as
    `reporting`: for work that somebody may wait for."""
    return _NOTIFY(log_options(command))


def log_options(command: Decorated) -> Decorated:
    """The same for work that is soon done, or ends when its user says so: nobody is told."""

    @wraps(command)
    def reported(
        *,
        quiet: bool,
        verbose: bool,
        log_json: str | None,
        notify: Notified | None = None,
        **given: Any,
    ) -> Any:
        with Reporting(
            quiet,
            verbose,
            None if log_json is None else EventLog.opened(log_json),
            notify,
            command=click.get_current_context().command_path,
            **_about(**given),
        ) as reporting:
            code = command(reporting=reporting, **given)
            reporting.ended(code or 0)
            return code

    for option in reversed(_LOGGING):
        reported = option(reported)
    return cast("Decorated", reported)


def _about(
    *, source: StoryboardFile | None = None, store: Store | Path | None = None, **_more: Any
) -> dict[str, Any]:
    """What a command works on: a storyboard, or a store; none where it finds that out itself."""
    if source is not None:
        return {"file": source.file, "allow_private": source.allow_private_hosts}
    return {} if store is None or isinstance(store, Path) else {"file": store.folder}


def storyboard_options(command: Decorated) -> Decorated:
    """FILE and what decides how it is read, given to the command as `source`."""
    return _sourced(command, (REFETCH, PRIVATE, CONFINE, MEDIA, STORE, VARIABLES, FILE))


def store_options(command: Decorated) -> Decorated:
    """FILE and its store, where it need not be read; given to the command as `source`."""
    return _sourced(command, (MEDIA, STORE, FILE))


def place_options(command: Decorated) -> Decorated:
    """A store by itself, given to the command as `store`: FILE's, or the one of --store."""

    @wraps(command)
    def placed(*, named: Path | None, store: Path | None, media: str | None, **given: Any) -> Any:
        file = Path() if store and named is None else the_storyboard(named)
        source = workflows.source.StoryboardFile(file, store_folder=store, media=media)
        return command(store=source.store, **given)

    argument = click.argument(
        "named", type=click.Path(path_type=Path), required=False, metavar="[FILE]"
    )
    return cast("Decorated", MEDIA(STORE(argument(placed))))


def shot_options(*words: str) -> Callable[[Decorated], Decorated]:
    """FILE, a SHOT of it and more words, given to the command as `source`, `shot` and,
    where there are any, `words`.

    With one name fewer, FILE is the only storyboard here.
    """

    def decorate(command: Decorated) -> Decorated:
        @wraps(command)
        def meant(*, names: tuple[str, ...], **given: Any) -> Any:
            wanted = ("SHOT", *words)
            if len(names) == len(wanted) and Path(names[0]).suffix.lower() in (".yaml", ".yml"):
                raise click.UsageError(f"name [FILE] {' '.join(wanted)}")
            if not len(wanted) <= len(names) <= len(wanted) + 1:
                raise click.UsageError(f"name [FILE] {' '.join(wanted)}")
            files = names[: len(names) - len(wanted)]
            file = the_storyboard(Path(files[0]) if files else None)
            shot, *more = names[len(files) :]
            return reading(file=file, shot=shot, **({"words": more} if words else {}), **given)

        reading = _sourced(command, ())
        argument = click.argument(
            "names", nargs=-1, required=True, metavar=" ".join(("[FILE] SHOT", *words))
        )
        for option in (PRIVATE, CONFINE, MEDIA, STORE, VARIABLES, argument):
            meant = option(meant)
        return cast("Decorated", meant)

    return decorate


def cut_options(command: Decorated) -> Decorated:
    """EDITED and FILE in either order, given to the command as `edited` and `source`.

    With EDITED alone, FILE is the only storyboard here.
    """

    @wraps(command)
    def meant(*, names: tuple[str, ...], **given: Any) -> Any:
        if len(names) > 2:
            raise click.UsageError("name EDITED [FILE]")
        yaml = (".yaml", ".yml")
        paths = sorted(map(Path, names), key=lambda path: path.suffix.lower() in yaml)
        file = the_storyboard(paths[1] if len(paths) == 2 else None)
        return reading(file=file, edited=paths[0], **given)

    reading = _sourced(command, ())
    argument = click.argument("names", nargs=-1, required=True, metavar="EDITED [FILE]")
    for option in (REFETCH, PRIVATE, CONFINE, MEDIA, STORE, VARIABLES, argument):
        meant = option(meant)
    return cast("Decorated", meant)


def _waited_for(
    file: Path, *, quiet: bool = False, log_json: str | None = None, **_more: Any
) -> AbstractContextManager[None]:
    """A word of what is being done, until the command has something to show."""
    if quiet or log_json == STDERR:
        return nullcontext()
    return prelude.shown(f"{click.get_current_context().info_name} {file.name}")


def _sourced(command: Decorated, options: Sequence[Callable[..., Any]]) -> Decorated:
    @wraps(command)
    def sourced(
        *,
        file: Path,
        store: Path | None,
        media: str | None,
        variables: tuple[str, ...] = (),
        confine: Path | None = None,
        allow_private_hosts: bool = False,
        refetch: bool = False,
        **given: Any,
    ) -> Any:
        with _waited_for(file, **given):
            source = workflows.source.StoryboardFile(
                file,
                parsed_variables(variables),
                store,
                confine,
                allow_private_hosts=allow_private_hosts,
                refetch=refetch,
                media=media,
                told=prelude.told,
            )
            return command(source=source, **given)

    for option in options:
        sourced = option(sourced)
    return cast("Decorated", sourced)


def parsed_variables(written: tuple[str, ...]) -> dict[str, str]:
    """`NAME=VALUE` pairs as a mapping."""
    found = {}
    for pair in written:
        name, equals, value = pair.partition("=")
        if not equals or not name.isidentifier():
            raise click.UsageError(f"--var {pair!r}: write it as NAME=VALUE")
        found[name] = value
    return found


def parsed_ids(written: str | None) -> list[str] | None:
    """The ids of `--only`."""
    if written is None:
        return None
    plain = unicodedata.normalize("NFC", written)
    return [part.strip() for part in plain.split(",") if part.strip()]
