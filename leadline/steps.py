"""A view as one SELECT in which what is below it stands once, as a step that its readers share.

DuckDB puts the text of a view wherever its name stands: what two read is computed twice, and what
is below these four times. As `with "features.x" as (…)` it computes a step that several read once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from leadline.catalog import ALL_LIVE, OPS, Bound, Catalog
from leadline.fold import folded
from leadline.header import Place, places, put
from leadline.quote import named
from leadline.schema import all_live, own_name
from leadline.texts import TEXTS

_HERE = Path("sql")


@dataclass(frozen=True)
class Step:
    """A SELECT, and the views that it reads; whether each reader of it computes it anew."""

    sql: str
    reads: tuple[str, ...]
    is_anew: bool = False

    @classmethod
    def of(cls, bound: Bound) -> "Step":
        """Return what a view says of itself, with its parameters in place."""
        is_anew = bound.view.header.get("shared") == "never"
        return cls(folded(bound.sql, bound.params), bound.view.reads, is_anew)

    @cached_property
    def found(self) -> list[Place]:
        """Where it reads a view that is a step."""
        views = {read for read in self.reads if not read.startswith("raw.") and read not in OPS}
        all_of_it = TEXTS.recall("places", self.sql, lambda: [*places(_HERE, self.sql)])
        return [place for place in all_of_it if place[2] in views]

    @cached_property
    def over_steps(self) -> str:
        """Its text, in which steps stand for the views that it reads."""
        return put(self.sql, self.found, {place[2]: named(place[2]) for place in self.found})


class Steps:
    """The views of a catalog, as far as they are computed; is_laid says where rows lie ready."""

    def __init__(self, steps: Mapping[str, Step], is_laid: Callable[[str], bool]) -> None:
        self._steps, self._is_laid = steps, is_laid

    def __contains__(self, name: object) -> bool:
        return name in self._steps

    def select(self, name: str) -> str:
        """Return a view, as a thing to select from."""
        steps = self.before([name])
        return f"(with {steps} from {named(name)})" if steps else name

    def computed(self, bound: Bound) -> str:
        """Return what a view's own text says, whatever lies ready of it: to select from."""
        step = Step.of(bound)
        steps = self.before(place[2] for place in step.found)
        if not steps:
            return f"(\n{step.sql}\n)"
        return f"(with {steps} select * from (\n{step.over_steps}\n))"

    def before(self, asked: Iterable[str]) -> str:
        """Return the steps by which views are computed, and they too; none where nobody shares one.

        Each stands under its own name, in quotes; a view that is asked twice is named twice.
        """
        read = Counter(asked)
        order = self._order(read)
        for name in order:
            if not self._is_laid(name):
                read.update(place[2] for place in self._steps[name].found)
        if all(read[name] < 2 for name in order):
            return ""
        said = ", ".join(self._said(name, is_shared=read[name] > 1) for name in order)
        TEXTS.keep()
        return said

    def _order(self, asked: Iterable[str]) -> list[str]:
        """Return what views are computed by and they too, each after what it reads."""
        done: dict[str, None] = {}

        def visit(name: str) -> None:
            if name in done or name not in self._steps:
                return
            if not self._is_laid(name):
                for read in self._steps[name].reads:
                    visit(read)
            done[name] = None

        for name in asked:
            visit(name)
        return list(done)

    def _said(self, name: str, *, is_shared: bool) -> str:
        if self._is_laid(name):
            return f"{named(name)} as not materialized (from {name})"
        step = self._steps[name]
        # Left to itself, DuckDB computes no step once where the question has a limit.
        once = "not materialized " if step.is_anew else "materialized " if is_shared else ""
        return f"{named(name)} as {once}(\n{step.over_steps}\n)"


def all_steps(
    catalog: Catalog, bound: Iterable[Bound], pins: Mapping[str, int]
) -> Mapping[str, Step]:
    """Return every view of these by its names, as DuckDB knows it."""
    bound = list(bound)
    found = {}
    for each in bound:
        name = own_name(each.view, catalog, pins)
        found[name] = Step.of(each)
        if name != each.view.pinned:
            found[each.view.pinned] = Step(f"from {name}", (name,))
    live = tuple(view.stable for view in catalog.all_live(pins))
    found[ALL_LIVE] = Step(all_live(catalog, bound, pins), live)
    return found
