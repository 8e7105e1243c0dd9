"""Runs a feed: cuts what it yields into publications, and hands them to the store."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import chain, groupby
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from leadline import clock
from leadline.clock import Span
from leadline.errand import Day, origin
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Relation, batches, files
from leadline.store import Loaded, Publication, Store

if TYPE_CHECKING:  # few installations have a bucket
    from leadline.bucket import Bucket, Found
    from leadline.http import Download


@dataclass(frozen=True)
class Plan:
    """What a run is going to read."""

    files: Files
    passed_over: Sequence[str]

    @property
    def n_bytes(self) -> int:
        """Their size as they lie there."""
        return sum(file.packed for file in self.files)


def plan(name: str, module: ModuleType, paths: Sequence[Path]) -> Plan:
    """Open the paths of a feed that reads files."""
    if not hasattr(module, "read"):
        raise FeedError(f"{name}: it reads no files; leave --from out")
    card: Feed = module.FEED
    found, passed = files(paths, card.knows, card.parts, card.zips)
    if not found:
        kind = f"; its files look like {' or '.join(card.patterns)}" if passed else ""
        raise FeedError(f"{name}: {', '.join(map(str, paths))} holds no file of it{kind}")
    return Plan(found, passed)


def from_files(
    name: str,
    module: ModuleType,
    store: Store,
    found: Files,
    *,
    known_at: datetime | None = None,
    dry_run: bool = False,
) -> Iterator[Loaded]:
    """Load file after file; each is one publication of its own name.

    The loader reads them in one go, in the order of their names, so that it may carry on from
    one to the next.
    """
    card: Feed = module.FEED
    try:
        read = batches(name, card, module.read(found))
        for own in _publications(name, card, read, is_over=lambda file: found.reading is not file):
            yield store.load(replace(own, known_at=known_at), dry_run=dry_run)
    finally:
        for file in found:
            file.close()


def from_bucket(
    name: str, module: ModuleType, store: Store, days: Sequence[Day], bucket: "Bucket"
) -> Iterator[Loaded]:
    """Fetch and read day after day; each object is one publication, as its file would be.

    A download goes when its day is loaded.
    """
    card: Feed = module.FEED
    for day in days:
        with ExitStack() as held:
            beside = [held.enter_context(bucket.fetched(each)) for each in day.beside]
            own = [held.enter_context(bucket.fetched(each)) for each in day.own]
            versions = [found for found, _ in beside]
            opened = [
                _fetched(download, card.coverage(found.key), (found, *more))
                for pairs, more in ((own, versions), (beside, ()))
                for found, download in pairs
            ]
            yield from from_files(name, module, store, Files(opened))


def over_network(
    name: str, module: ModuleType, store: Store, span: Span, http: Http, *, dry_run: bool = False
) -> Iterator[Loaded]:
    """Load step after step of the span, which is widened to whole steps and ends by now."""
    if not hasattr(module, "pull"):
        raise FeedError(f"{name}: it has no network form here; give it files with --from")
    card: Feed = module.FEED
    if http is not None:
        store.ledger.refresh()
        http.has = lambda coverage: bool(store.ledger.place(name, coverage).standing)
    for step in steps(span, card.step):
        yielded = batches(name, card, module.pull(step, http))
        coverage = f"{step.since:%Y-%m-%d}" if card.step else "all"
        for own in _publications(name, card, yielded, coverage):
            yield store.load(own, dry_run=dry_run)


def steps(span: Span, days: int) -> list[Span]:
    """Cut a span into whole steps of some days, counted from 1970; 0 days is one step for all."""
    if not days:
        return [span]
    step = timedelta(days=days)
    since = clock.BEGINNING + (span.since - clock.BEGINNING) // step * step
    cut = []
    while since < span.until:
        cut.append(Span(since, since + step))
        since += step
    return cut


def _publications(
    name: str,
    card: Feed,
    yielded: Iterator[Batch],
    coverage: str = "",
    is_over: Callable[[File], bool] = lambda file: False,
) -> Iterator[Publication]:
    """Part what a loader yields: a file covers its own name, other rows cover the step.

    Where a file ends shows when the next one begins. An error stops the run; the file before it
    is a publication still if it is over, that is, if the loader was at another one.
    """
    plain: list[Batch] = []
    seen: dict[str, str] = {}
    errors: list[FeedError] = []
    for file, group in groupby(_until_error(yielded, errors), key=_file_of):
        if file is None:
            plain += group
            continue
        if file.name in seen:
            # Taken for a correction, it would put the first one's rows out of force.
            file.close()
            raise FeedError(
                f"{file.origin}: {seen[file.name]} of the same step is named {file.name} as well; "
                f"mend the loader, which yields a file's batches together"
            )
        seen[file.name] = file.origin
        first = next(group)
        group = chain((first,), group)
        try:
            own = _own(group, lambda file=file: () if is_over(file) else errors)  # type: ignore[misc]
            yield Publication(
                name, file.name, card.writes, own, file.origin, _digest(first),
                modified_at=file.modified_at,
            )  # fmt: skip
        finally:
            file.close()
    if errors:
        raise errors[0]
    if plain and not coverage:
        raise KeyError(f"{name} reads rows that name no file; yield an Extract of it")
    if plain:
        yield Publication(name, coverage, card.writes, plain, f"{name} {coverage}")


def _digest(batch: Batch) -> str:
    """Return the digest of all that rows were read from."""
    _, rows = batch
    assert isinstance(rows, Relation | Extract)
    beside = tuple(
        rows.beside if isinstance(rows, Extract) else (csv.file for csv in rows.beside.values())
    )
    if not beside:
        return rows.file.digest
    return sha256("".join(file.digest for file in (rows.file, *beside)).encode()).hexdigest()


def _until_error(yielded: Iterator[Batch], errors: list[FeedError]) -> Iterator[Batch]:
    batch: Batch | None = None
    try:
        for batch in yielded:
            yield batch
    except FeedError as error:
        errors.append(error)
    except GeneratorExit:
        # Who stops between two files has had a look at the second one.
        if batch and (file := _file_of(batch)):
            file.close()
        raise


def _own(group: Iterator[Batch], errors: Callable[[], Sequence[FeedError]]) -> Iterator[Batch]:
    for dataset, rows in group:
        yield dataset, rows.rows if isinstance(rows, Extract) else rows
    for error in errors():
        raise error


def _file_of(batch: Batch) -> File | None:
    _, rows = batch
    return rows.file if isinstance(rows, Relation | Extract) else None


def _fetched(download: "Download", coverage: str, versions: "Sequence[Found]") -> File:
    """Return a download as the file that it is; its origin says which version it was."""
    file = File.of(download)
    file.name, file.origin = coverage, origin(download.url, versions)
    return file
