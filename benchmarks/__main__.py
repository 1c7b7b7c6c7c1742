"""Runs every benchmark, prints one table, and ends non-zero when an aim is missed."""

import sys

from rich.console import Console
from rich.table import Table

from benchmarks import (
    availability,
    booking,
    crowded,
    days,
    desk,
    growth,
    live,
    month,
    race,
    replay,
    reports,
    slots,
    starting,
)
from benchmarks.finding import Finding
from benchmarks.town import cluster

ON_NOTHING = {"slots": slots.run, "help": starting.run}
ON_A_DATABASE = {
    "availability": availability.run,
    "booking": booking.run,
    "days": days.run,
    "month": month.run,
    "crowded": crowded.run,
    "growth": growth.run,
    "race": race.run,
    "replay": replay.run,
    "reports": reports.run,
    "live": live.run,
    "desk": desk.run,
}


def main(chosen: set[str]) -> int:
    """Measure in turn, all or those whose names are given, and give the exit code."""
    unknown = chosen - {*ON_NOTHING, *ON_A_DATABASE}
    if unknown:
        known = ", ".join((*ON_NOTHING, *ON_A_DATABASE))
        print(f"There is no benchmark {', '.join(unknown)}; there are {known}.")
        return 2
    findings: list[Finding] = []
    for name, measure in ON_NOTHING.items():
        if not chosen or name in chosen:
            findings += measure()
    with cluster() as found:
        for name, run in ON_A_DATABASE.items():
            if not chosen or name in chosen:
                findings += run(found)
    Console(width=None if sys.stdout.isatty() else 150).print(_table(findings))
    return 0 if all(finding.met for finding in findings) else 1


def _table(findings: list[Finding]) -> Table:
    table = Table("what", "deskcal", "named limit", "ratio", "aim")
    for finding in findings:
        aim = (
            "" if finding.at_least is None else f"{'met' if finding.met else 'MISSED'}: {finding.at_least:g}"
        )
        ratio = "" if finding.ratio is None else f"{finding.ratio:.2g}"
        table.add_row(finding.what, finding.figure, finding.limit, ratio, aim)
    return table


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[1:])))
