"""What watches: every detector and view with its SQL, where it comes from and how good it is."""

import panel as pn

from panel_app.controls import Choice, Control
from panel_app.desk import Desk
from panel_app.parts import views
from panel_app.parts.layout import beside, stacked
from panel_app.parts.scorecard import Scorecard
from panel_app.parts.views import Told

TITLE, LETTER, ORDER, LAST = "Detectors", "d", 9, "5d"
STATUSES = {"": "all", "live": "live", "draft": "draft", "retired": "retired"}
CONTROLS = (
    Control("find", "Find", hint="sweep, crypto, 13F"),
    Choice("status", "Status", options=STATUSES),
    Control("detector", "Detector", default="options.sweep"),
    Control("view", "View", hint="any view or dataset"),
    Control("version", "Version"),
    Control("sort", ""),
)

LIST = """
select
    detector, status, n_alerts, n_high, newest_alert_at, what,
    '' as view, '' as version
from reports.detectors
where
    ($status is null or status = $status)
    and ($find is null or contains(lower(detector || ' ' || what), lower($find)))
"""
# A row even where the list of views has none: datasets have files, too.
SHOWN = """
select
    coalesce($view, $detector) as name, try_cast($version as integer) as shown_version,
    views.version, views.status, views.fingerprint, views.path
from (select 1 as n) as one
left join ops.views as views on views.view = coalesce($view, $detector)
order by views.version
"""
PARAMS = """
select
    coalesce($view, $detector) as name, try_cast($version as integer) as shown_version,
    params.version, params.name as param, params.value, params.default_value, params.is_overridden
from (select 1 as n) as one
left join ops.params as params on params.view = coalesce($view, $detector)
"""
ALERTS = """
from reports.overview
where
    detector = coalesce($view, $detector)
    and fired_at >= (select since from ops.clock)
order by fired_at desc, alert_key
limit 15
"""
SCORECARD = """
from reports.detector_scorecard
where detector = coalesce($view, $detector)
order by is_all desc, size nulls last
"""
NO_DETECTOR = "No detector is like that; clear `Find` and `Status`."
NO_ALERT = (
    "No alert of it stands in this range. Choose a longer `Range`; a draft fires none until its "
    "file says `status: live`."
)
UNMEASURED = (
    "Nothing was measured: the store knows of no event that it should have seen. Load events "
    "(`leadline feeds` lists who writes them), then `leadline backtest` holds alerts against them."
)


def page(desk: Desk) -> pn.viewable.Viewable:
    """Lay out the list, and beside it all that is known of the one that is chosen."""
    house = desk.warehouse
    shown = desk.query(SHOWN)
    listed = desk.table(
        "list", "Detectors", desk.query(LIST, is_ranged=True), NO_DETECTOR, key=("detector",),
        sets={"detector": "detector", "view": "view", "version": "version"},
        hidden=("view", "version"), sort="sort", is_short=True,
    )  # fmt: skip
    alerts = desk.query(ALERTS, is_ranged=True)
    score, params = desk.query(SCORECARD), desk.query(PARAMS)
    return stacked(
        desk.bar("find", "status", "detector", "view"),
        listed,
        beside(
            stacked(
                desk.panel("view", "View", Told(house, views.about), shown),
                desk.panel("params", "Parameters", Told(house, views.parameters), params),
                desk.panel("columns", "Columns", Told(house, views.columns), shown),
            ),
            stacked(
                desk.panel("scorecard", "Scorecard", Scorecard(UNMEASURED), score),
                desk.alerts("alerts", "Newest alerts", alerts, NO_ALERT),
            ),
        ),
        desk.panel("lineage", "Lineage", Told(house, views.drawn), shown),
        desk.panel("versions", "Versions", Told(house, views.versions), shown),
    )
