"""Runs a model that learns: it is fitted at each month's begin, and scores that month's sessions.

A fit has seen what was known before the first moment of its month, and scores only sessions that
begin later. What a month was fitted on and what it says land in the store in one load: a month of
days would be twenty loads, of which each needs the same fit. A month is looked at again when a load
touched what its input is made of, and adds something only if that input, the model's file, its
settings or its libraries differ from what stands.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadline import clock
from leadline.artefact import Artefacts
from leadline.clock import BEGINNING, midnight
from leadline.feed import Batch, Row
from leadline.model import FOLDER, Seen, library_version, touched_days
from leadline.publication import Loaded, Publication
from leadline.store import Store
from leadline.walk import Walk, digest, following, month_of, of_session, reach, sessions
from leadline.warehouse import Warehouse

WRITES = ("model_fits", "model_scores")
STEPS = 1_000  # of the quantiles of what a fit says of its own rows
DIGITS = 10  # so that the last bit of another machine makes no new version
_KEEPS = "joblib"  # what keeps a fit


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """The card of a model that learns.

    reads: the view of its input, with session_date and known_at. learns: how far back from a
    month's begin, `252 sessions` or `all`; least_sessions: below it there is no fit. before: how
    far back from a session's rows those reach that `score` is given beside them. library: the
    distributions that it computes with; extra is what installs them. settings and seed are given
    to `fit`.
    """

    reads: str
    measure: Literal["anomaly", "regime", "volatility"]
    learns: str = "252 sessions"
    least_sessions: int = 60
    before: str | None = None
    library: str | Sequence[str] | None = None
    extra: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0

    @property
    def libraries(self) -> Sequence[str]:
        """What must be installed, and whose versions are a part of what a fit is."""
        own = [self.library] if isinstance(self.library, str) else self.library or ()
        return [*own, _KEEPS]


# The walks of views up to moments, and by the newest stamp of what they are made of.
Walks = dict[tuple[str, datetime, datetime], Walk]


class Unfit(Exception):
    """What `fit` raises where its rows allow none, with the reason as a few words."""


@dataclass(frozen=True)
class Fit:
    """What a month's sessions are scored with; value is None where there is none, note says why."""

    fit_id: str
    month: date
    trained_since: datetime | None
    n_rows: int
    value: Any = None
    quantiles: Sequence[float] | None = None
    note: str | None = None

    @property
    def trained_until(self) -> datetime:
        """The moment before which everything that it has seen was known."""
        return midnight(self.month)


@dataclass(frozen=True)
class Walked:
    """One month of one model, and what it added to the store."""

    model: str
    month: date
    n_learned: int
    n_inputs: int
    note: str | None
    loaded: Loaded


def run(
    warehouse: Warehouse,
    store: Store,
    name: str,
    module: ModuleType,
    since: datetime = BEGINNING,
    moment: datetime | None = None,
    walks: Walks | None = None,
    tell: Callable[[str], None] = lambda sentence: None,
) -> Iterator[Walked]:
    """Fit and score each month whose input may have changed, oldest first; yield what was new.

    Months that begin before `since` are left; nothing is asked that becomes known from the moment
    on. walks holds what was asked for other models of the same view, up to the same moment. `tell`
    hears what is odd and mends itself.
    """
    card: Fitted = module.FITTED
    moment = moment or clock.now()
    warehouse.refresh()
    events, of_all = touched_days(warehouse, card.reads)
    if not events:
        return
    warehouse.need_sessions(card.reads)
    made_by = _made_by(name, module)
    bound = warehouse.fingerprint(card.reads)
    seen = Seen(store.place.own, name, f"{bound.fingerprint} {made_by}")
    maker = _Maker(
        warehouse, name, module, made_by, Artefacts(store.place.own / FOLDER / name, tell)
    )
    asked = (card.reads, moment, max(of_all, *events.values()))
    walks = {} if walks is None else walks
    walk = walks.setdefault(asked, Walk(warehouse, card.reads, moment, min(events)))
    for month in _months(min(events), max(events)):
        if midnight(month) < since or midnight(month) >= moment:
            continue
        end = following(following(month))
        learned = reach(warehouse, card.learns, midnight(month))
        opened = warehouse.opened(card.reads, learned).date()
        stamp = max([of_all, *(at for day, at in events.items() if opened <= day < end)])
        is_over = midnight(end) <= moment
        if is_over and seen.holds(month, stamp):
            continue
        walk.forget(month, card.learns)
        given = walk.scored(month)
        if len(given):
            fit = maker.fit(walk.learned(month, card.learns), month)
            leading = walk.leading(month, card.before) if card.before else given.slice(0, 0)
            scored = _Scored(warehouse, name, module, fit, given, leading, bound.fingerprint)
            told = scored.publication()
            if fit.value is None and not _stands(store, told):
                _forgotten(store, name, month)  # what an earlier fit said
            loaded = store.load(told)
            if loaded.is_new:
                yield Walked(name, month, fit.n_rows, len(given), fit.note, loaded)
        elif gone := _forgotten(store, name, month):
            yield Walked(name, month, 0, 0, None, gone)
        if is_over:
            seen.add(month, stamp)


class _Maker:
    """Makes the fits of one model, each of which is kept and made once."""

    def __init__(
        self, warehouse: Warehouse, name: str, module: ModuleType, made_by: str, kept: Artefacts
    ) -> None:
        self._warehouse, self._name, self._module = warehouse, name, module
        self._made_by, self._kept = made_by, kept
        self._card: Fitted = module.FITTED

    def fit(self, given: pa.Table, month: date) -> Fit:
        """Return the fit on rows that were known before a month."""
        own = f"{self._name} {month} {self._made_by} {digest(given)}"
        fit_id = hashlib.sha256(own.encode()).hexdigest()[:32]
        first = pc.min(given["known_at"]).as_py()
        n_sessions = len(pc.unique(given["session_date"]))
        least = self._card.least_sessions
        if n_sessions < least:
            note = f"no fit: {n_sessions:,} of the {least:,} sessions that it needs are there"
            return Fit(fit_id, month, first, len(given), note=note)
        if (kept := self._kept.read(fit_id)) is None:
            kept = self._made(given)
            self._kept.write(fit_id, kept)
        value, quantiles, note = kept
        return Fit(fit_id, month, first, len(given), value, quantiles, note)

    def _made(self, given: pa.Table) -> tuple[Any, Sequence[float] | None, str | None]:
        module, card = self._module, self._card
        with one_thread():
            try:
                value = module.fit(given, card.settings, card.seed)
            except Unfit as error:
                return None, None, f"no fit: {error}"
            return value, self._quantiles(value, given), getattr(value, "note", None)

    def _quantiles(self, value: Any, given: pa.Table) -> Sequence[float] | None:
        """Return how the scores of what was learned from lie, in equal steps."""
        learned = getattr(self._module, "learned", None)
        if learned is None and self._card.measure != "anomaly":
            return None
        if learned is not None:
            scores = np.asarray(learned(value, given), dtype=float)
        else:
            before = self._card.before
            told = [
                row["score"]
                for day in sessions(given)
                for row in self._module.score(
                    value, of_session(given, day, before, self._warehouse)
                )
                if row["session_date"] == day
            ]
            scores = np.array([score for score in told if score is not None], dtype=float)
        scores = scores[np.isfinite(scores)]
        if not len(scores):
            return None
        return [round(float(q), DIGITS) for q in np.quantile(scores, np.linspace(0, 1, STEPS + 1))]


@dataclass(frozen=True)
class _Scored:
    """What a fit says of the sessions of its month, as the store takes it."""

    warehouse: Warehouse
    name: str
    module: ModuleType
    fit: Fit
    given: pa.Table
    leading: pa.Table
    fingerprint: str

    def publication(self) -> Publication:
        """Return it; the same fit and the same input are the same content."""
        month = f"{self.fit.month:%Y-%m}"
        own = f"{self.fit.fit_id} {digest(self.leading)} {digest(self.given)}"
        content = hashlib.sha256(own.encode()).hexdigest()
        return Publication(
            self.name, month, WRITES, self._batches(), f"{self.name} {month}", content,
            # What differs from an earlier run is known as its input is, whenever it was computed.
            known_at=BEGINNING,
        )  # fmt: skip

    def _batches(self) -> Iterator[Batch]:
        """Yield what the model makes, once the store asks for it."""
        yield "model_fits", [self._fit_row()]
        if self.fit.value is not None:
            with one_thread():
                rows = list(self._rows())
            yield "model_scores", rows

    def _fit_row(self) -> Row:
        card, fit = self.module.FITTED, self.fit
        return {
            "model": self.name, "fit_id": fit.fit_id, "fitted_for": fit.month,
            "trained_since": fit.trained_since, "trained_until": fit.trained_until,
            "known_at": fit.trained_until, "n_rows": fit.n_rows, "feature_view": card.reads,
            "feature_fingerprint": self.fingerprint, "seed": card.seed, "note": fit.note,
            "library": library_version(self.name, card.libraries, card.extra),
            "settings": json.dumps(dict(card.settings), sort_keys=True),
            "score_quantiles": fit.quantiles,
        }  # fmt: skip

    def _rows(self) -> Iterator[Row]:
        card, fit = self.module.FITTED, self.fit
        own = {"model": self.name, "fit_id": fit.fit_id, "trained_until": fit.trained_until}
        rows = pa.concat_tables([self.leading, self.given])
        for day in sessions(self.given):
            given = of_session(rows, day, card.before, self.warehouse)
            for row in self.module.score(fit.value, given):
                if row["session_date"] == day:
                    yield {**own, **_settled(row)}


def one_thread() -> AbstractContextManager[Any]:
    """Keep what libraries sum up to one thread, so that the last bit is the same every time."""
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        return nullcontext()
    limited: AbstractContextManager[Any] = threadpool_limits(1)
    return limited


def _settled(row: Row) -> Row:
    """Round what is said, put its parts into words, and give a reason where nothing is."""
    found = dict(row)
    for name in ("score", "probability"):
        value = found.get(name)
        if value is not None:
            found[name] = round(float(value), DIGITS) if isfinite(value) else None
    if found.get("score") is None:
        found["reason"] = found.get("reason") or "the model's answer is no finite number"
        found["probability"] = None
    if isinstance(found.get("parts"), Mapping):
        found["parts"] = json.dumps(found["parts"], sort_keys=True)
    return found


def _made_by(name: str, module: ModuleType) -> str:
    """Return what a fit is made by: files, libraries, settings and seed.

    What models share lies beside them, in files whose names begin with an underscore.
    """
    card: Fitted = module.FITTED
    own = Path(str(module.__file__))
    code = hashlib.sha256()
    for path in [own, *sorted(own.parent.glob("_*.py"))]:
        code.update(path.read_bytes())
    said = [card.measure, card.learns, card.least_sessions, card.before, dict(card.settings)]
    settings = json.dumps([*said, card.seed], sort_keys=True)
    return f"{code.hexdigest()} {library_version(name, card.libraries, card.extra)} {settings}"


def _months(first: date, last: date) -> Iterator[date]:
    """Yield every month in which rows may be known, and in which their sessions may lie."""
    month = month_of(first)
    while month <= last:
        yield month
        month = following(month)


def _stands(store: Store, told: Publication) -> bool:
    store.ledger.refresh()
    return store.ledger.place(told.feed, told.coverage).newest_hash == told.content_hash


def _forgotten(store: Store, name: str, month: date) -> Loaded | None:
    """Forget what was computed from rows that are gone."""
    store.ledger.refresh()
    coverage = f"{month:%Y-%m}"
    standing = store.ledger.place(name, coverage).standing
    if not standing:
        return None
    gone = store.forget(standing[0]["load_id"])
    n_gone = sum(line["n_rows"] for line in gone)
    return Loaded(coverage, gone[0]["load_id"], True, n_gone=n_gone)
