"""What a question opens: its bounds, the files of its span, and the days that it takes as kept."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from leadline import raw
from leadline.clock import BEGINNING, FOREVER
from leadline.kept import Kept
from leadline.listing import Listing
from leadline.quote import literal


@dataclass(frozen=True)
class Opening:
    """The bounds of one question over some views.

    opened is from when the furthest of what they read is read, begins of each; later is by how
    much rows become known later than their files say.
    """

    asked_since: datetime
    opened: datetime
    until: datetime
    recorded_until: datetime
    begins: Mapping[str, datetime]
    later: timedelta = timedelta()

    def settings(
        self,
        below: Iterable[str],
        listings: Mapping[str, Listing],
        kept: Iterable[Kept],
        held: Container[str],
    ) -> Iterator[str]:
        """Yield what sets the variables that the views read; below are all that are read."""
        values = (self.opened, self.until, self.recorded_until, self.asked_since)
        for key, moment in zip(raw.VARIABLES, values, strict=True):
            yield f"set variable {key} = {literal(moment)}"
        for name, begin in self.begins.items():
            if name.startswith("raw.") or name in held:
                yield f"set variable {raw.opened(name.removeprefix('raw.'))} = {literal(begin)}"
        for name in below:
            listing = listings.get(name.removeprefix("raw.")) if name.startswith("raw.") else None
            if listing and listing.files:
                files = listing.within(self._begin(name), self.until)
                yield raw.opens(raw.listed(listing.contract.name), files)
        for each in kept:
            yield from self._of_kept(each, listings)

    def _of_kept(self, kept: Kept, listings: Mapping[str, Listing]) -> Iterator[str]:
        days = kept.serves(self.opened, self.until, self.recorded_until)
        yield from kept.variables(days)
        spared = {*days} - {*kept.edges(days)}
        for name in kept.events if spared else ():
            listing = listings[name]
            if listing.files:
                files = listing.within(self._begin(f"raw.{name}"), self.until, spared)
                yield raw.opens(raw.listed(name, kept.view), files)

    def _begin(self, name: str) -> datetime:
        begin = self.begins.get(name, self.opened)
        return begin - self.later if begin > BEGINNING + self.later else BEGINNING


EVER = Opening(BEGINNING, BEGINNING, FOREVER, FOREVER, {})  # all of time, whoever asks when
