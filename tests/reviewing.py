"""A small project with alerts that persons may review."""

from pathlib import Path

from leadline.alerts import Alerts
from tests.desks import SmallDesk, at, telling_desk
from tests.doors import ROOT


def reviewing_desk(root: Path, *, has_alerts: bool = True) -> SmallDesk:
    """Lay out the small project with what is said of alerts, and three of them."""
    desk = telling_desk(root)
    own = (
        "curated/reviews", "curated/review_labels", "reports/review_queue", "curated/model_roles",
        "curated/model_scores", "curated/sessions", "curated/us_sessions",
    )  # fmt: skip
    tables = ("tables/reviews", "tables/model_fits", "tables/model_scores")
    for name in (*tables, *(f"views/{each}.v1" for each in own)):
        desk.write(f"sql/{name}.sql", (ROOT / f"sql/{name}.sql").read_text())
    desk.sessions()
    if has_alerts:
        desk.prints(("a", 500, "05 15:00"), ("b", 210, "05 15:01"), ("c", 800, "05 15:02"))
        with desk.warehouse() as house, desk.store() as store:
            Alerts(house, store).tick(at("06 00:00"))
    return desk
