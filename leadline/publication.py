"""What a source says of one coverage at one time, and what a load of it added."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadline.feed import Batch

# Who appends and is neither a feed nor a model: the loop, and what works beside it.
OURS = frozenset(
    {
        "acts", "alert_acts", "alerts", "backtests", "checks", "deliveries", "live", "retention",
        "reviews", "rules", "schedule",
        "watchlists",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Publication:
    """What a source says of one coverage, at one time.

    content_hash is None where only the rows tell; modified_at is the answer's Last-Modified and
    known_at what the user says: they date a publication that changes an earlier one.
    """

    feed: str
    coverage: str
    writes: Sequence[str]
    batches: "Iterable[Batch]"
    origin: str
    content_hash: str | None = None
    modified_at: datetime | None = None
    known_at: datetime | None = None


@dataclass(frozen=True)
class Loaded:
    """What a load added."""

    coverage: str
    load_id: str
    is_new: bool
    n_rows: int = 0
    n_gone: int = 0
    n_rejected: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
