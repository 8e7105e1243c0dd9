"""Holds the ledger's lines against each other, and against the digests that name them."""

from collections import Counter
from collections.abc import Iterator, Sequence

from leadline.finding import Finding
from leadline.home import Home
from leadline.ledger import Line, load_id

_DATED = ("last-modified", "known-at")  # then the id holds a moment that the line does not


def findings(place: Home, lines: Sequence[Line]) -> Iterator[Finding]:
    """Yield what is wrong with the lines of the ledger in a folder, oldest first."""
    ids = {line["load_id"] for line in lines}
    for name, values in (
        ("load", [line["load_id"] for line in lines]),
        ("stamp", [line["recorded_at"].isoformat() for line in lines]),
    ):
        for value, n in Counter(values).items():
            if n > 1:
                yield Finding(place, f"{n} lines have the {name} {value}")
    forgotten = {line["forgets"] for line in lines}
    follows: Counter[tuple[str, str]] = Counter()
    for line in lines:
        own = f"the line of {line['load_id']}, {line['feed']} {line['coverage']},"
        coverage = line["feed"], line["coverage"]
        if line["publication"] != follows[coverage]:
            n, was = line["publication"], follows[coverage]
            what = f"{own} has the number {n}, and {was} lines come before it"
            yield Finding(place, what, line["load_id"] not in forgotten)
        follows[coverage] = max(follows[coverage], line["publication"]) + 1
        if line["forgets"] and line["forgets"] not in ids:
            yield Finding(place, f"{own} forgets {line['forgets']}, which has no line")
        if line["known_from"] not in _DATED or line["forgets"]:
            said = f"forget {line['forgets']}" if line["forgets"] else line["content_hash"]
            if load_id(*coverage, line["publication"], said) != line["load_id"]:
                yield Finding(place, f"{own} is not what its id is the digest of")
