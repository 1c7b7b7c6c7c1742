"""`deskcal provider import-ics`: busy times of another calendar, from a file or the web."""

import sys
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.names import provider_of
from deskcal.cli.options import options_of
from deskcal.cli.out import print_json, table
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.standing import standing
from deskcal.cli.when import day_of
from deskcal.wire.windows import MOST_TEXT, CalendarImported, NewCalendarImport

SECONDS = 15.0
MOST_REDIRECTS = 3
WEB = ("http://", "https://", "webcal://")


def import_ics(
    context: typer.Context,
    provider: Annotated[str, typer.Argument(help="Name or id.")],
    source: Annotated[str, typer.Argument(metavar="FILE|URL", help="An iCalendar file (.ics), - for stdin.")],
    *,
    first: Annotated[
        str | None, typer.Option("--from", help="First local day that counts; else today.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Last local day that counts; else the end of next year.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also take away what was imported and is not in it any more.")
    ] = False,
    keep_titles: Annotated[
        bool, typer.Option("--keep-titles", help="Keep the titles of events for staff; else all say Busy.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what it would do, and do nothing.")
    ] = False,
) -> None:
    """Block a provider's time by another calendar; prints what came of each event, and who to call.

    Imported again, an event takes the place of its own times. Exits 3 when some event cannot be used.
    """
    text = _fetched(source) if source.startswith(WEB) else _read(source)

    async def work(session: Session) -> tuple[ZoneInfo, CalendarImported]:
        found = await provider_of(session, provider)
        zone = ZoneInfo(found.timezone)
        request = NewCalendarImport(
            text=text,
            first=str(day_of(first, zone, field="from")) if first else None,
            until=str(day_of(until, zone, field="until")) if until else None,
            replace=replace,
            keep_titles=keep_titles,
            dry_run=dry_run,
        )
        return zone, await session.client.import_calendar(found.id, request)

    zone, done = with_clinic(context, work)
    options = options_of(context)
    if options.json:
        print_json(done)
    else:
        table(
            options,
            done.events,
            {
                "verdict": lambda one: one.verdict,
                "line": lambda one: one.line,
                "first": lambda one: one.start,
                "event": lambda one: one.uid,
                "because": lambda one: one.reason,
            },
            none="There is no event in this calendar.",
        )
        standing(options, done.appointments, zone, why="are at busy times")
    if dry_run:
        options.say("Nothing was changed.")
    if any(one.verdict == "refused" for one in done.events):
        raise typer.Exit(Exit.REFUSED)


def _read(path: str) -> str:
    if path == "-":
        return _text(sys.stdin.buffer.read(MOST_TEXT + 1), "What comes on stdin")
    try:
        with Path(path).open("rb") as file:
            return _text(file.read(MOST_TEXT + 1), path)
    except FileNotFoundError as missing:
        raise Failure(f"There is no file {path}.", Exit.NOT_FOUND) from missing
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}", Exit.USAGE) from error


def _fetched(url: str) -> str:
    """Fetch a calendar, no more of it than may be."""
    import httpx

    url = url.replace("webcal://", "https://", 1)
    client = httpx.Client(follow_redirects=True, max_redirects=MOST_REDIRECTS, timeout=SECONDS)
    found = bytearray()
    try:
        with client, client.stream("GET", url) as answer:
            answer.raise_for_status()
            for piece in answer.iter_bytes():
                found += piece
                if len(found) > MOST_TEXT:
                    break
    except httpx.HTTPStatusError as error:
        said = error.response
        raise Failure(f"{url} answers {said.status_code} {said.reason_phrase}.", Exit.NOT_FOUND) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Failure(f"{url} cannot be fetched: {error}", Exit.UNREACHABLE) from error
    return _text(bytes(found), url)


def _text(found: bytes, source: str) -> str:
    if len(found) > MOST_TEXT:
        raise Failure(f"{source} has more than {MOST_TEXT // 1_000_000} MB; export fewer events.", Exit.USAGE)
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Failure(f"{source} is not a calendar file: it is not text in UTF-8.", Exit.USAGE) from error
