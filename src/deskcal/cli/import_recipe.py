"""How a file is to be imported: a mapping file in TOML, and over it what is typed."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec

from deskcal.core.importing import FieldMap, ImportKind, not_there
from deskcal.core.refusals import Invalid
from deskcal.wire.catalog import Times
from deskcal.wire.imports import CreatableName, Mapping, OnConflictName, Terms
from deskcal.wire.shape import Request


class MappingFile(Request, kw_only=True, rename=None):
    """What a mapping file may say."""

    columns: dict[str, str] = msgspec.field(default_factory=dict)
    constants: dict[str, str | int] = msgspec.field(default_factory=dict)
    values: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)
    dates: dict[str, str] = msgspec.field(default_factory=dict)
    create: list[CreatableName] = msgspec.field(default_factory=list)
    spread: Annotated[str, msgspec.Meta(pattern=r"^\d\d:\d\d-\d\d:\d\d$")] | None = None
    more_providers: bool = False
    on_conflict: OnConflictName = "skip"
    outside_hours: Literal["refuse", "allow"] = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Where the fields come from, and what the rows may do."""

    fields: FieldMap
    terms: Terms

    @property
    def mapping(self) -> Mapping:
        """The fields as the server is told of them, in an order that does not depend on who typed them."""
        return Mapping(
            columns=dict(self.fields.columns),
            constants=dict(self.fields.constants),
            values={name: dict(texts) for name, texts in self.fields.values.items()},
        )


def read_recipe(
    kind: ImportKind,
    header: Sequence[str],
    *,
    map_file: Path | None,
    words: Sequence[str],
    create: Sequence[str],
    on_conflict: OnConflictName | None,
    outside_hours: Literal["refuse", "allow"] | None,
) -> Recipe:
    """Read the mapping file, if there is one, and put over it what was typed. Raises Invalid."""
    file = _read(map_file) if map_file else MappingFile()
    said = FieldMap(
        columns=file.columns,
        constants={name: str(value) for name, value in file.constants.items()},
        values=file.values,
    )
    fields = said.over(words).fitted(kind, header)
    spread = file.spread.split("-") if file.spread else None
    made = [name.strip() for text in create for name in text.split(",")] or file.create
    known = get_args(CreatableName)
    for name in made:
        if name not in known:
            raise Invalid(("create", not_there("what is not there cannot be made for", name, known)))
    return Recipe(
        fields=fields,
        terms=Terms(
            kind=kind.value,
            dates=file.dates,
            spread=Times(start=spread[0], end=spread[1]) if spread else None,
            more_providers=file.more_providers,
            create=msgspec.convert(sorted(set(made)), list[CreatableName]),
            on_conflict=on_conflict or file.on_conflict,
            outside_hours=outside_hours or file.outside_hours,
        ),
    )


def _read(path: Path) -> MappingFile:
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), MappingFile)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Invalid(("map-file", f"{path} cannot be used: {error}")) from error
