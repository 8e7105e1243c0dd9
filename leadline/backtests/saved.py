"""What finished sets of a run told, kept beside the store until the run is whole.

It may be deleted at any time: then the sets are asked again.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

import pyarrow as pa

from leadline import clock
from leadline.backtests.bench import Bench, Told
from leadline.backtests.grid import Trial
from leadline.errors import StoreError

FOLDER = "_backtests"


class Saved:
    """The finished sets of one run, by their fingerprints."""

    def __init__(self, place: Path, key: str) -> None:
        self._folder = place / FOLDER / key

    def find(self, trial: Trial) -> Told | None:
        """Return what a set told, if it was asked before."""
        own = self._folder / trial.fingerprint
        if not own.exists():
            return None
        tables = {
            each.name: _read(own / f"{each.name}.arrow")
            for each in fields(Told)
            if (own / f"{each.name}.arrow").exists()
        }
        return Told(int((own / "n_alerts").read_text()), **tables)

    def keep(self, trial: Trial, told: Told) -> None:
        """Keep what a set told; it is whole or not there."""
        part = self._folder / f"{trial.fingerprint}.part"
        try:
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
            for each in fields(Told):
                table = getattr(told, each.name)
                if isinstance(table, pa.Table):
                    with pa.ipc.new_file(part / f"{each.name}.arrow", table.schema) as sink:
                        sink.write_table(table)
            (part / "n_alerts").write_text(str(told.n_alerts))
            part.rename(self._folder / trial.fingerprint)
        except OSError as error:
            raise StoreError(
                f"{part}: {error.strerror or error}; run this again when there is room"
            ) from error

    def drop(self) -> None:
        """Forget the sets of a run that is whole: all at once, for a set in part would be told."""
        gone = self._folder.with_name(f"{self._folder.name}.gone")
        shutil.rmtree(gone, ignore_errors=True)  # as a kill has left it
        with suppress(OSError):
            self._folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def _read(path: Path) -> pa.Table:
    with pa.ipc.open_file(path) as source:
        return source.read_all()


def key_of(bench: Bench, views: Iterable[str], own: Iterable[str]) -> str:
    """Return a digest of all that a set's answer hangs on, but for the set.

    own are the datasets that a backtest itself writes.
    """
    house = bench.house
    names = {name.removeprefix("raw.") for view in views for name in house.datasets(view)}
    newest = max(
        (
            each.recorded_at
            for each in house.store.ledger.touched(clock.BEGINNING)
            if each.dataset in names - set(own)
        ),
        default=clock.BEGINNING,
    )
    prints = sorted(
        house.fingerprint(view).fingerprint for view in views if view in house.catalog.views
    )
    said = [prints, bench.span.since.isoformat(), bench.span.until.isoformat(), newest.isoformat()]
    said += bench.horizons
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
