"""What persons say of alerts when they look again: each verdict is kept, the newest stands."""

from datetime import datetime
from typing import Any

from leadline import clock
from leadline.clock import BEGINNING, FOREVER, stamp
from leadline.errors import QueryError, StoreError, nearest
from leadline.life import digest
from leadline.publication import Publication
from leadline.quote import quoted
from leadline.store import Store
from leadline.warehouse import Warehouse

FEED = "reviews"
QUEUE = "reports.review_queue"
VERDICTS = ("real", "false", "unsure")


def checked(verdict: str) -> str:
    """Return a verdict as it is kept; a QueryError names the nearest."""
    if (said := verdict.strip().lower()) in VERDICTS:
        return said
    near = nearest(said, VERDICTS) or f"; say {', '.join(VERDICTS[:-1])} or {VERDICTS[-1]}"
    raise QueryError(f"verdict: '{verdict}' is none{near}")


def mark(
    warehouse: Warehouse,
    store: Store,
    alert: str,
    verdict: str,
    reviewer: str,
    note: str | None = None,
    *,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Append a verdict by the wall clock, or by that of a replay; return the alert it is about."""
    said = checked(verdict)
    if FEED not in store.contracts:
        raise StoreError("sql/tables/reviews.sql: verdicts are appended to it; bring it back")
    found = find(warehouse, alert)
    now = at or clock.now()
    own = digest(found["alert_key"], reviewer, stamp(now))
    names = ("alert_key", "detector", "version", "entity", "happened_at", "fired_at")
    row = {
        **{name: found[name] for name in names}, "review_id": own, "verdict": said,
        "reviewer": reviewer, "note": note, "reviewed_at": now, "known_at": now,
    }  # fmt: skip
    coverage = f"{stamp(now)} {own[:12]}"
    store.load(Publication(FEED, coverage, (FEED,), [(FEED, [row])], f"by {reviewer}"))
    return found


def find(warehouse: Warehouse, alert: str) -> dict[str, Any]:
    """Return the alert that a key means, or the first signs of an id; a QueryError says if none."""
    said = quoted(alert.lower())
    ids = warehouse.ask("curated.alert_states", BEGINNING, FOREVER)
    of_rules = ids.filter(f"starts_with(alert_id, {said}) and alert_key is not null")
    keys = {key for (key,) in of_rules.select("alert_key").limit(3).fetchall()}
    own = [f"alert_key = {quoted(alert)}", f"starts_with(md5(alert_key), {said})"]
    own += [f"alert_key = {quoted(key)}" for key in keys]
    alerts = warehouse.ask("curated.alerts", BEGINNING, FOREVER).filter("withdrawn_at is null")
    rows: list[dict[str, Any]] = (
        alerts.filter(" or ".join(own)).limit(3).to_arrow_table().to_pylist()
    )
    if not alert or not rows:
        raise QueryError(f"{alert}: no alert has this id; leadline review list shows them")
    if len(rows) > 1:
        like = ", ".join(row["alert_key"] for row in rows)
        raise QueryError(f"{alert}: several alerts begin so, as {like}; write more of it")
    return rows[0]
