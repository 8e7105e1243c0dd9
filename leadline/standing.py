"""Standing exports: what [exports.NAME] asks for, and the files that it becomes."""

import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from leadline import clock, export
from leadline.asked import provenance_of
from leadline.clock import BEGINNING, Span
from leadline.config import FILE, Tables
from leadline.due import NEW_YORK
from leadline.errors import ConfigError, QueryError, nearest
from leadline.names import tables_of
from leadline.provenance import beside
from leadline.question import Questions
from leadline.schedule import Job, Reader
from leadline.span import stretch
from leadline.warehouse import Warehouse

_WHAT = ("sql", "view", "file")
_TIMES = ("cron", "after", "zone", "sessions", "retries", "timeout")
KEYS = (*_WHAT, "to", "format", "since", "last", "keep", "off", *_TIMES)
_ENDINGS = {"txt": "table", "ndjson": "jsonl"}
_NAME = re.compile(r"[\w-]+")
_DATE, _TIME = "{date}", "{time}"
_PIECES = {_DATE: r"\d{4}-\d{2}-\d{2}", _TIME: r"\d{4}"}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A question whose answer is a file; the job says when, where it is due by itself.

    last: how long a stretch it is about, up to the moment at which it is due; since: from when;
    with neither it is all of time. keep: how many of its files stay; else all.
    """

    name: str
    where: str
    sql: str
    to: Path
    form: str
    since: datetime = BEGINNING
    last: timedelta | None = None
    keep: int | None = None
    zone: tzinfo
    job: Job | None = None

    def path(self, until: datetime) -> Path:
        """Return the file that a moment's answer becomes."""
        local = until.astimezone(self.zone)
        name = self.to.name.replace(_DATE, f"{local:%Y-%m-%d}").replace(_TIME, f"{local:%H%M}")
        return self.to.with_name(name)

    def write(self, warehouse: Warehouse, until: datetime) -> tuple[Path, int]:
        """Write the answer of a moment, whole or not at all; return its file and how many rows.

        The warehouse serves nothing else. What the disk refuses is worth trying again.
        """
        since = until - self.last if self.last else self.since
        Span(since, until)
        path, snapshot = self.path(until), warehouse.refresh()
        try:
            rows = Questions(warehouse).answer(
                self.sql, since, until, recorded_until=snapshot.recorded_until, is_ordered=True
            )
            made = provenance_of(warehouse, self.sql, since, until, snapshot=snapshot)
            n_rows = export.write(rows, self.form, path, io.BytesIO(), made)
        except QueryError as error:
            said = str(error).replace(export.ELSEWHERE, "name another in to")
            raise QueryError(
                f"{self.where}: {said}", try_again=isinstance(error.__cause__, OSError)
            ) from error
        for old in self.files()[: -self.keep] if self.keep else []:
            old.unlink(missing_ok=True)
            beside(old).unlink(missing_ok=True)
        return path, n_rows

    def files(self) -> list[Path]:
        """Return the files that it has become, the oldest first."""
        pattern = re.escape(self.to.name)
        for piece, shape in _PIECES.items():
            pattern = pattern.replace(re.escape(piece), f"({shape})")
        found = [
            (match.groups(), path)
            for path in self.to.parent.glob("*")
            if (match := re.fullmatch(pattern, path.name))
        ]
        return [path for _, path in sorted(found)]


def read_all(
    tables: Tables, root: Path, reader: Reader, views: Collection[str]
) -> dict[str, Standing]:
    """Read every export that is not off; what is written wrong is a ConfigError that says where."""
    return {
        name: _read(name, table, root, reader, views)
        for name, table in tables.items()
        if not _is_off(name, table)
    }


def _is_off(name: str, table: Mapping[str, Any]) -> bool:
    where, said = f"{FILE}: [exports.{name}]", table.get("off", False)
    for key in table:
        if key not in KEYS:
            raise ConfigError(f"{where} has '{key}'{nearest(key, KEYS) or '; leave it out'}")
    if not isinstance(said, bool):
        raise ConfigError(f"{where} off is '{said}'; it takes true or false")
    return said


def _read(
    name: str, table: Mapping[str, Any], root: Path, reader: Reader, views: Collection[str]
) -> Standing:
    where = f"{FILE}: [exports.{name}]"
    if not _NAME.fullmatch(name):
        raise ConfigError(f"{where} is no name for files; write letters, digits, - and _")
    for key in (*_WHAT, "to", "format", "last"):
        if not isinstance(table.get(key, ""), str):
            raise ConfigError(f"{where} {key} is '{table[key]}'; it takes text in quotes")
    times = {key: table[key] for key in _TIMES if key in table}
    job = None
    if "cron" in times or "after" in times:
        if "cron" in times and "after" in times:
            raise ConfigError(f"{where} has cron and after; keep one of them")
        settings = reader.settings(where, times)
        job = Job(name=f"exports.{name}", feed=None, export=name, **settings)
    elif times:
        raise ConfigError(f"{where} has {next(iter(times))} and says neither cron nor after")
    to, form = _to(where, table, root)
    return Standing(
        name=name, where=where, sql=_sql(where, table, root, views), to=to, form=form,
        since=_since(where, table), last=_last(where, table), keep=_keep(where, table),
        zone=job.times.zone if job else ZoneInfo(NEW_YORK), job=job,
    )  # fmt: skip


def _sql(where: str, table: Mapping[str, Any], root: Path, views: Collection[str]) -> str:
    given = [key for key in _WHAT if key in table]
    if len(given) != 1:
        said = " and ".join(given) or "neither sql nor view nor file"
        raise ConfigError(f"{where} has {said}; it takes one of {', '.join(_WHAT)}")
    if "view" in table:
        view = table["view"]
        if view not in views:
            near = nearest(view, views) or "; leadline views lists them"
            raise ConfigError(f"{where} view is '{view}', which is no view{near}")
        return f"from {view}"
    sql = str(table.get("sql", ""))
    if "file" in table:
        try:
            sql = (root / table["file"]).read_text()
        except (OSError, UnicodeDecodeError) as error:
            said = getattr(error, "strerror", None) or "it is no text"
            raise ConfigError(f"{where} file is '{table['file']}': {said.lower()}") from error
    try:
        tables_of(sql)
    except QueryError as error:
        raise ConfigError(f"{where} {given[0]}: {error}") from error
    return sql


def _to(where: str, table: Mapping[str, Any], root: Path) -> tuple[Path, str]:
    """Return the file, which is meant from the project's folder, and the form it has."""
    said = table.get("to", "")
    if not said or said.endswith("/"):
        raise ConfigError(f'{where} has no to; write to = "flow-{{date}}.parquet"')
    to = root / Path(said).expanduser()
    for piece in re.findall(r"\{[^}]*\}", said):
        if piece not in _PIECES:
            raise ConfigError(f"{where} to has '{piece}'; it takes {_DATE} and {_TIME}")
    if "{" in str(to.parent):
        raise ConfigError(f"{where} to has a folder of its own a day; put {_DATE} in the name")
    ending = to.suffix.removeprefix(".").lower()
    form = table.get("format", _ENDINGS.get(ending, ending))
    if form not in export.FORMATS:
        near = nearest(form, export.FORMATS)
        raise ConfigError(
            f"{where} format is '{form}'; it takes one of {', '.join(export.FORMATS)}{near}"
        )
    return to, form


def _since(where: str, table: Mapping[str, Any]) -> datetime:
    if "since" not in table:
        return BEGINNING
    if "last" in table:
        raise ConfigError(f"{where} has since and last; keep one of them")
    try:
        return clock.moment(str(table["since"]))
    except QueryError as error:
        raise ConfigError(f"{where} since is '{table['since']}'; write 2024-03-01") from error


def _last(where: str, table: Mapping[str, Any]) -> timedelta | None:
    found = stretch(table["last"]) if "last" in table else None
    if "last" in table and not found:
        raise ConfigError(f"{where} last is '{table['last']}'; it takes 90s, 2h or 3d")
    return found


def _keep(where: str, table: Mapping[str, Any]) -> int | None:
    keep = table.get("keep")
    if keep is None:
        return None
    if type(keep) is not int or keep < 1:
        raise ConfigError(f"{where} keep is '{keep}'; it takes how many files stay, 1 at least")
    if _DATE not in str(table.get("to")):
        raise ConfigError(f"{where} has keep, and all of its files are one; put {_DATE} in to")
    return keep
