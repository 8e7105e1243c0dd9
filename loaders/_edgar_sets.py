"""The SEC's data sets: zips of a window of filing dates, which a page of its site links."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import PurePosixPath

from leadline.clock import Span
from leadline.feed import Feed, Files, Http, files
from loaders import _edgar
from loaders._quarters import last_day

SITE = f"{_edgar.SITE}/data-research/sec-markets-data"


def data_sets(card: Feed, page: str, form: str, span: Span, http: Http) -> Iterator[Files]:
    """Yield the files of each data set of a form whose window ended in the span and is not held."""
    pattern = rf'href="([^"]*/([0-9a-z-]+?)_{form}(?:_(\d+))?\.zip)"'
    links = _edgar.links(page, re.compile(pattern, re.IGNORECASE), "data set", http)
    for ended, link in sorted(newest(links).items()):
        over = datetime(ended.year, ended.month, ended.day, tzinfo=UTC)
        name = PurePosixPath(link).name
        if not span.since <= over < span.until or http.has(f"{name}/SUBMISSION.tsv"):
            continue
        if found := _edgar.fetched(_edgar.address(link), http):
            yield files([found.path], card.knows, card.parts)[0]


def newest(links: Iterable[tuple[str, str, str]]) -> dict[date, str]:
    """Return the link of each window by its last day; of one issued again the last."""
    found: dict[date, tuple[int, str]] = {}
    for link, window, again in links:
        if last := _ended(window):
            found[last] = max(found.get(last, (-1, "")), (int(again or 0), link))
    return {last: link for last, (_, link) in found.items()}


def _ended(window: str) -> date | None:
    """Return the last day of 2023q4, or of 01dec2024-28feb2025."""
    if quarter := re.fullmatch(r"(\d{4})q([1-4])", window.lower()):
        return last_day(int(quarter[1]), int(quarter[2]))
    try:
        return datetime.strptime(window.rpartition("-")[2], "%d%b%Y").date()
    except ValueError:
        return None
