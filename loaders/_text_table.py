"""Information tables of 13F as plain text: what each line says, whatever its filer's layout.

A row is a line with a CUSIP, which may hold blanks or be glued to what is before it, and after it
value and shares. Two families are known: words (SH SOLE), and an X under the kind of discretion.
Where <S> and <C> stand is a hint: rows drift by a few characters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from loaders import _cusip

_CUSIP = re.compile(r"(?=([0-9A-Z*@#]{6})[ -]{0,2}([0-9A-Z*@#]{2})[ -]{0,2}([0-9A-Z])(?![0-9A-Z]))")
_NUMBER = re.compile(r"\$?\(?(\d{1,3}(?:,\d{3})+|\d+)\)?")
_PAIR = re.compile(r"\s*\$?\s*([\d,]+)\s+([\d,]+)(?=\s|$)")
_RULE = re.compile(r"[\s=_.-]*")
_DISCRETIONS = {
    "SOLE": "SOLE", "DFND": "DFND", "DEFINED": "DFND", "SHARED-DEFINED": "DFND", "OTR": "OTR",
    "OTHER": "OTR", "SHARED-OTHER": "OTR",
}  # fmt: skip
_MARKED = ("SOLE", "DFND", "OTR")  # the columns in which an X stands
_X_COLUMNS = 12  # name, class, CUSIP, value, shares, three of discretion, managers, three of votes
_END = re.compile(r"\b(GRAND|REPORT|TABLE)\s+TOTALS?\b", re.IGNORECASE)
_MOST = 4_096  # characters of a line; one that is longer is none of a table
_DIGITS = 20


@dataclass(frozen=True)
class Entry:
    """One row of a table; what could not be understood of it is None."""

    line: int
    issuer: str
    class_title: str
    cusip: str
    value: int | None
    shares: int | None
    share_type: str
    put_call: str | None
    discretion: str | None
    managers: str | None
    votes: tuple[int | None, int | None, int | None]

    @property
    def is_sure(self) -> bool:
        """Whether all that a row needs was found, and its CUSIP is whole."""
        return None not in (self.value, self.shares) and _cusip.is_whole(self.cusip)


def entries(text: str) -> Iterator[Entry]:
    """Yield the rows of every table of a document, up to the grand total."""
    is_table = "<TABLE>" not in text.upper()
    starts: list[int] = []
    above: list[str] = []  # a name that goes on in the next line
    last: Entry | None = None
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.replace("\t", "  ").rstrip()
        tag = line.strip().upper()
        if tag.startswith(("<TABLE", "</TABLE", "<CAPTION")):
            is_table = not tag.startswith("</")
            above, last = [], None
        elif tag.startswith("<S>"):
            starts = [found.start() for found in re.finditer(r"<[SC]>", line, re.IGNORECASE)]
            above = []
        elif not is_table or len(line) > _MOST:
            continue
        elif _END.search(line):
            return
        elif _RULE.fullmatch(line):
            above = []
        elif found := _place(line, starts):
            last = _entry(number, line, found, above, starts)
            above = []
            yield last
        elif last and _PAIR.match(line) and line[:1] == " ":
            rest = _Rest(line, 0, starts)
            if rest.says_more:
                last = rest.entry(number, last.issuer, last.class_title, last.cusip)
                yield last
        elif not _NUMBER.search(line) and line.count("  ") < 4:
            above = [*above[-1:], line.strip()]
        else:
            above = []


def _place(line: str, starts: list[int]) -> tuple[int, int, str] | None:
    """Return where a line's CUSIP begins and ends, and it; of several the likeliest."""
    best: tuple[tuple[bool, bool, bool, int], tuple[int, int, str]] | None = None
    upper = line.upper()
    for found in _CUSIP.finditer(upper):
        cusip, end = "".join(found.groups()), found.end(3)
        if not any(character.isdigit() for character in cusip[:6]):
            continue
        is_whole = _cusip.is_whole(cusip)
        is_apart = line[found.start() - 1 : found.start()] in ("", " ")
        is_followed = bool(_PAIR.match(line, end))
        is_near = len(starts) > 2 and abs(found.start() - starts[2]) <= 4
        if not (is_whole or (is_apart and (is_followed or is_near))):
            continue
        rank = (is_whole and is_followed, is_whole, is_apart, -found.start())
        if best is None or rank > best[0]:
            best = rank, (found.start(), end, cusip)
    return best[1] if best else None


def _entry(
    number: int, line: str, place: tuple[int, int, str], above: list[str], starts: list[int]
) -> Entry:
    start, end, cusip = place
    parts = [part for part in re.split(r"\s{2,}", line[:start].strip()) if part]
    if len(parts) == 1 and len(starts) > 1 and line[starts[1] - 1 : starts[1]] == " ":
        cut = [line[: starts[1]].strip(), line[starts[1] : start].strip()]
        parts = [part for part in cut if part]
    if len(parts) == 1 and not above and " " in parts[0]:
        parts = list(parts[0].rpartition(" ")[::2])
    title = parts.pop() if parts else ""
    issuer = " ".join([*above, *parts]).strip()
    return _Rest(line, end, starts).entry(number, issuer, title, cusip)


class _Rest:
    """What stands behind a row's CUSIP."""

    def __init__(self, line: str, start: int, starts: list[int]) -> None:
        self.line, self.starts = line, starts
        self.pair = _PAIR.match(line, start)
        self.at = self.pair.end() if self.pair else len(line)
        self.words = line[self.at :].upper().split()

    @property
    def says_more(self) -> bool:
        """Whether it goes on as a row does, and is no sum."""
        return any(word in ("X", "SH", "PRN", *_DISCRETIONS) for word in self.words)

    def entry(self, number: int, issuer: str, title: str, cusip: str) -> Entry:
        value, shares = (_whole(each) for each in self.pair.groups()) if self.pair else (None, None)
        words = set(self.words)
        managers, votes = self._tail()
        return Entry(
            number, issuer, title, cusip, value, shares,
            share_type="PRN" if words & {"PRN", "PRIN"} else "SH",
            put_call="put" if "PUT" in words else "call" if "CALL" in words else None,
            discretion=self._discretion(), managers=managers, votes=votes,
        )  # fmt: skip

    def _discretion(self) -> str | None:
        for word in self.words:
            if word in _DISCRETIONS:
                return _DISCRETIONS[word]
        marked = self.line.upper().find(" X", self.at - 1)
        if marked >= 0 and len(self.starts) == _X_COLUMNS:
            columns = [n for n, start in enumerate(self.starts) if start <= marked + 1]
            if 5 <= columns[-1] <= 7:
                return _MARKED[columns[-1] - 5]
        return None

    def _tail(self) -> tuple[str | None, tuple[int | None, int | None, int | None]]:
        """Return managers and votes: the numbers behind the last word, parted by blanks."""
        behind = list(re.finditer(r"[A-Za-z]+", self.line[self.at :]))
        tail = self.line[self.at + behind[-1].end() :] if behind else self.line[self.at :]
        fields = re.sub(r",\s+", ",", tail).split()
        marked = len(self.starts) == _X_COLUMNS and "X" in self.words
        n_votes = min(1 if marked else 3, len(fields))
        votes: list[int | None] = [_whole(field) for field in fields[len(fields) - n_votes :]]
        votes += [None] * (3 - len(votes))
        managers = " ".join(fields[: len(fields) - n_votes]) or None
        return managers, (votes[0], votes[1], votes[2])


def _whole(text: str) -> int | None:
    digits = text.replace(",", "").strip("$()")
    return int(digits) if digits.isdecimal() and len(digits) <= _DIGITS else None
