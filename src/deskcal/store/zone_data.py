"""The time zone data on this machine: of which version, from where, and what another of them says."""

from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

PACKAGE = "tzdata"
LETTERS = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneData:
    """A copy of the IANA data; `version` is None where it does not say."""

    version: str | None
    place: str
    root: Traversable

    def zone(self, key: str) -> ZoneInfo | None:
        """Read a zone as this copy has it; None where it has none of that name."""
        try:
            with self.root.joinpath(*key.split("/")).open("rb") as file:
                return ZoneInfo.from_file(file, key=key)
        except OSError:
            return None


def copies() -> list[ZoneData]:
    """List the copies in the order in which they are asked: the first one counts, others fill its gaps."""
    found = [of_folder(Path(folder)) for folder in TZPATH if Path(folder, "Etc", "UTC").exists()]
    with suppress(ModuleNotFoundError):
        root = files(PACKAGE).joinpath("zoneinfo")
        found.append(ZoneData(version=_release(version(PACKAGE)), place="the tzdata package", root=root))
    return found


def of_folder(folder: Path) -> ZoneData:
    """Look at a folder of compiled zones, as the system has one."""
    return ZoneData(version=_version_in(folder), place=str(folder), root=folder)


def _version_in(folder: Path) -> str | None:
    for name, before in (("tzdata.zi", "# version "), ("+VERSION", "")):
        try:
            with (folder / name).open() as file:
                return file.readline().removeprefix(before).strip() or None
        except OSError:
            continue
    return None


def _release(number: str) -> str:
    """Name a release of the package as the data is named: 2026.1 is 2026a."""
    year, _, rest = number.partition(".")
    n = rest.split(".")[0]
    return f"{year}{chr(ord('a') + int(n) - 1)}" if n.isdecimal() and 0 < int(n) <= LETTERS else number
