"""Data health: what is missing, late, refused or wrong, and since when."""

from datetime import timedelta

import panel as pn

from panel_app.controls import Control, Switch
from panel_app.desk import Desk
from panel_app.parts.calendar import Calendar
from panel_app.parts.layout import beside, stacked
from panel_app.parts.misnamed import Misnamed
from panel_app.parts.states import States
from panel_app.parts.table import Table

TITLE, LETTER, ORDER, LAST = "Data health", "h", 10, "3mo"

CONTROLS = (
    Control("dataset", "Dataset", hint="any"),
    Switch("ailing", "Only what ails"),
    Control("check", "Check"),
    Control("load", "Load"),
)

TILES = (
    "n_feeds_live", "n_feeds_ailing", "n_feeds_warming", "n_checks_failing", "n_checks_broken",
    "n_never_checked", "n_open_gaps", "n_rejected_rows",
)  # fmt: skip
UNKNOWN = """
with known as (
    select list_sort(list(distinct dataset)) as datasets from reports.freshness
),

checks as (
    select list_sort(list(distinct check_id)) as check_ids from ops.checks
)

select 'dataset' as setting, $dataset as said, coalesce(datasets, []) as known
from known
where $dataset is not null and not coalesce(list_contains(datasets, $dataset), false)
union all
select 'check' as setting, $check as said, check_ids as known
from checks
where $check is not null and not coalesce(list_contains(check_ids, $check), false)
"""
CALENDAR = """
select dataset, calendar, session_date, state, n_rows, usual_rows
from ops.completeness
where $dataset is null or dataset = $dataset
order by dataset, calendar, session_date
"""
FEEDS = """
select feed, dataset, state, reason, newest_at, since_at, n_rows_day
from ops.feeds
where ($dataset is null or dataset = $dataset) and (not $ailing or state <> 'LIVE')
order by list_position(['STALE', 'PARTIAL', 'DRIFT', 'WARMING', 'LIVE'], state), feed, dataset
"""
CHECKS = """
select check_id, state, severity, n_bad, what, n_looked_at, checked_at, is_current, reason
from ops.checks
where
    ($dataset is null or dataset = $dataset)
    and (not $ailing or state in ('failing', 'broken'))
order by
    list_position(['broken', 'failing', 'never', 'ok'], state),
    list_position(['critical', 'high', 'medium', 'low', 'info'], severity),
    check_id
"""
FINDINGS = """
select known_at, entity, reason, evidence, check_id, n_bad
from reports.check_findings
where ($check is null or check_id = $check) and ($dataset is null or dataset = $dataset)
order by check_id, known_at desc, entity
"""
FRESHNESS = """
select dataset, n_rows, newest_known_date, newest_recorded_at, n_loads, feeds
from reports.freshness
where $dataset is null or dataset = $dataset
order by newest_recorded_at desc, dataset
"""
LATENCY = """
select stage, n as n_passed, p50_ms, p95_ms, p99_ms, max_ms, mean_ms, last_minute_at
from ops.latency
order by list_position(['received', 'stored', 'evaluated', 'ruled', 'notified'], stage)
"""
GAPS = """
select venue, pair, channel, began_at, ended_at, n_dropped, reason
from ops.feed_gaps
where not $ailing or ended_at is null
order by ended_at is not null, began_at desc, venue, pair, channel
"""
LOADS = """
select
    recorded_at, action, feed, coverage, n_rows, n_gone, n_rejected, n_conflicts, duration_ms,
    load_id
from ops.loads
where
    ($dataset is null or len(list_filter(datasets, lambda part: part.dataset = $dataset)) > 0)
    and (not $ailing or n_rejected > 0 or n_conflicts > 0)
order by recorded_at desc, load_id
"""
REJECTED = """
select recorded_at, dataset, reason, position, row, origin, load_id
from ops.rejected
where ($load is null or load_id = $load) and ($dataset is null or dataset = $dataset)
order by recorded_at desc, load_id, position
"""
RUNS = """
select
    job, outcome as state, due_at, ended_at, lag_ms, n_rows, n_failed, loaded_until, retry_at,
    reason
from ops.runs
where not $ailing or outcome in ('failed', 'killed')
order by list_position(['failed', 'killed'], outcome) nulls last, due_at desc, job
"""
DELIVERIES = """
select queued_at, channel, state, subject, rule, n_tries, due_at, sent_at, reason, notice_id
from ops.deliveries
where not $ailing or state in ('waiting', 'held', 'dead')
order by queued_at desc, notice_id
"""
RETRACTIONS = """
select withdrawn_at, detector, entity, fired_at, n_withdrawn, evidence_ids, alert_key
from ops.retractions
order by withdrawn_at desc, alert_key
"""
AT = "/smart-money/dashboard"


def page(desk: Desk) -> pn.viewable.Viewable:
    """Lay out what is whole, what comes, what is checked, and what became of each load."""
    calendar = Calendar("No session of it is loaded in this range. Choose a longer one above.")
    checks = States(
        "No check is like this. Clear the filters, or run `leadline check data` to ask them.",
        key=("check_id",), sets={"check": "check_id"}, long=("what", "reason"),
    )  # fmt: skip
    loads = Table(
        "No load is like this. Clear the filters, or run `leadline load` to load a feed.",
        key=("load_id",), sets={"load": "load_id"}, hidden=("load_id",),
    )  # fmt: skip
    feeds = States(
        "No feed has brought anything like this. Run `leadline feeds` to see which there are.",
        key=("feed", "dataset"),
        long=("reason",),
    )
    runs = States("No job ran. Run `leadline schedule run` to let them.", key=("job",))
    deliveries = States(
        "No notice is like this. A rule with `channels` sends them; see `leadline channels list`.",
        key=("notice_id",), hidden=("notice_id",),
    )  # fmt: skip
    retractions = Table(
        "No alert of the last five days lost its evidence. Older ones: `leadline alerts list`.",
        key=("alert_key",), hidden=("alert_key",),
        links={
            "entity": f"{AT}/symbol?symbol={{}}", "detector": f"{AT}/detectors?detector={{}}",
        },
    )  # fmt: skip
    days = timedelta(days=5)
    return stacked(
        desk.tiles(desk.query("from reports.health"), *TILES),
        desk.bar("dataset", "ailing"),
        desk.follow(Misnamed(), desk.query(UNKNOWN)),
        desk.panel("calendar", "Sessions", calendar, desk.query(CALENDAR, is_ranged=True)),
        beside(
            desk.panel("feeds", "Feeds", feeds, desk.query(FEEDS)),
            stacked(
                desk.panel("checks", "Checks", checks, desk.query(CHECKS)),
                desk.table(
                    "findings", "Bad rows", desk.query(FINDINGS),
                    "No check found a bad row. Run `leadline check data` to look again.",
                    key=("check_id", "entity", "known_at"),
                ),
            ),
        ),
        beside(
            desk.table(
                "freshness", "Datasets", desk.query(FRESHNESS),
                "Nothing is loaded. Run `leadline load FEED`.", key=("dataset",),
            ),
            stacked(
                desk.table(
                    "latency", "Time through the live process", desk.query(LATENCY, last=days),
                    "Nothing passed the live process. Run `leadline live` to let it.",
                    key=("stage",),
                ),
                desk.table(
                    "gaps", "Gaps of feeds", desk.query(GAPS),
                    "No feed has lost a message. Run `leadline live` to listen to them.",
                    key=("venue", "pair", "channel", "began_at"),
                    links={"pair": f"{AT}/whales?pair={{}}"},
                ),
            ),
        ),
        beside(
            desk.panel("loads", "Loads", loads, desk.query(LOADS)),
            desk.table(
                "rejected", "Rows that were refused", desk.query(REJECTED),
                "No row of it was refused. Choose another load at the left.",
                key=("load_id", "position"), hidden=("load_id",),
            ),
        ),
        beside(
            desk.panel("runs", "Schedule", runs, desk.query(RUNS)),
            desk.panel("deliveries", "Notices", deliveries, desk.query(DELIVERIES)),
        ),
        desk.panel(
            "retractions", "Alerts that lost their evidence", retractions,
            desk.query(RETRACTIONS, last=days),
        ),
    )  # fmt: skip
