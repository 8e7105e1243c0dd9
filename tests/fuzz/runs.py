"""Every parser that is fuzzed, one run of one of them, and what a stretch of runs has found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from time import process_time

from tests.fuzz import asked, files, heard, pulled, stored, texts
from tests.fuzz.mutations import mutated, one_field
from tests.fuzz.parser import Finding, Inputs, Parser, Rows, judged, peak

CORPUS = Path(__file__).parent / "corpus"
ROOMS = (files, pulled, heard, texts, asked, stored)


@cache
def parsers() -> Mapping[str, Parser]:
    """Return every parser by its name."""
    return {each.name: each for room in ROOMS for each in room.parsers()}


def corpus() -> Iterator[tuple[str, Path]]:
    """Yield each kept input and its parser's name: corpus/PARSER/INPUT/CASE."""
    for path in sorted(CORPUS.glob("*/*/*")):
        yield path.parent.parent.name, path


def kept(parser: Parser, path: Path) -> Inputs:
    """Return the inputs of a run over a kept one; a path's slashes are written as `__` there."""
    name = path.parent.name.replace("__", "/")
    return {**parser.set_of(name), name: path.read_bytes()}


@dataclass
class Stretch:
    """What runs of one parser came to; `found` holds the first run of each kind of finding."""

    n_runs: int = 0
    n_read: int = 0
    n_refused: int = 0
    seconds: float = 0.0
    peak: int = 0
    found: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)


@cache
def seeds(name: str) -> tuple[Rows | None, ...]:
    """Return what each set of a parser is read as; a set that is refused is a Finding."""
    found = []
    for each in parsers()[name].sets:
        said, rows = judged(parsers()[name], each)
        if said != "read":
            raise Finding(f"{name}: its own seed is refused: {said}")
        found.append(rows)
    return tuple(found)


def run(parser: Parser, seed: int) -> tuple[str, bytes, str]:
    """Run one change of a parser's inputs; return what was changed into what, and how it ended.

    A line of which one field was changed is loaded, set aside or refused; else it is lost.
    """
    chance = Random(f"{parser.name} {seed}")
    own = chance.randrange(len(parser.sets))
    given, before = parser.sets[own], seeds(parser.name)[own]
    name = chance.choice(sorted(given))
    content = one_field(given[name], chance) if before and chance.random() < 0.25 else None
    is_field = content is not None
    if content is None:
        content = mutated(given[name], chance)
    try:
        said, rows = judged(parser, {**given, name: content})
        is_less = rows and before and rows.loaded < before.loaded and rows.aside <= before.aside
        if is_field and is_less and not parser.passes:
            raise Finding(f"it loses rows: {before} becomes {rows}")
    except Finding as error:
        return name, content, f"finding: {error}"
    return name, content, said


def stretch(parser: Parser, first: int, *, runs: int = 1 << 40, seconds: float = 1e9) -> Stretch:
    """Run seeds from the first on, so many or for so many seconds of the processor."""
    seeds(parser.name)
    done, began = Stretch(), process_time()
    for seed in range(first, first + runs):
        name, content, said = run(parser, seed)
        done.n_runs += 1
        if said.startswith("finding: "):
            done.found.setdefault(said[:120], (seed, name, content))
        elif said == "read":
            done.n_read += 1
        else:
            done.n_refused += 1
        if process_time() - began > seconds:
            break
    done.seconds, done.peak = process_time() - began, peak()
    return done
