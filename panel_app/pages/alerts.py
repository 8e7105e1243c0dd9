"""Alerts: what fired and where it stands, why, what to do about it, and the rules behind it."""

import panel as pn

from panel_app.alert_acts import act_on_alerts
from panel_app.controls import Choice, Control, Number, Symbols
from panel_app.desk import RANGES, Desk
from panel_app.parts.alert_list import AlertList
from panel_app.parts.evidence import Evidence
from panel_app.parts.layout import beside, card, stacked
from panel_app.parts.misnamed import Misnamed
from panel_app.parts.price_around import PriceAround
from panel_app.parts.rule_editor import RuleEditor
from panel_app.parts.shutter import Shutter
from panel_app.rule_acts import act_on_rules

TITLE, LETTER, ORDER = "Alerts", "a", 8


class Back(Choice):
    """How far back: fills in a stretch of time, or null for all of it."""

    def binds(self, said: str) -> dict[str, object]:
        """Return the stretch."""
        return {name: RANGES[value] for name, value in super().binds(said).items()}


SEVERITIES = {
    "": "any", "low": "low and up", "medium": "medium and up", "high": "high and up",
    "critical": "critical",
}  # fmt: skip
FAMILIES = {
    "": "any", "options": "options", "crypto": "crypto", "filings": "filings",
    "off_exchange": "off-exchange", "prices": "prices", "scores": "scores",
}  # fmt: skip
STATES = {
    "": "any", "open": "open", "pending": "pending", "firing": "firing",
    "acknowledged": "acknowledged", "snoozed": "snoozed", "resolved": "resolved",
    "retracted": "retracted", "inactive": "inactive",
}  # fmt: skip
CONTROLS = (
    Choice("severity", "Severity", options=SEVERITIES),
    Choice("family", "Family", options=FAMILIES),
    Choice("state", "State", options=STATES),
    Symbols("symbols", "Symbols"),
    Control("detector", "Detector", hint="options.sweep"),
    Control("rule", "Rule", hint="any"),
    Number("score", "Score from", hint="0", least=0),
    Back("last", "Range", default="all", options={name: name for name in RANGES}),
    Control("alert", "Alert"),
    Control("edit", "Rule to edit"),
)

LIST = """
select *
from reports.alerts
where
    ($last is null or told_at >= (select until - cast($last as interval) from ops.clock))
    and (
        $severity is null
        or list_position(['info', 'low', 'medium', 'high', 'critical'], severity)
        >= list_position(['info', 'low', 'medium', 'high', 'critical'], $severity)
    )
    and ($family is null or starts_with(detector, $family || '.'))
    and ($state is null or state = $state or ($state = 'open' and is_open))
    and ($detector is null or detector = $detector)
    and ($rule is null or rule = $rule)
    and ($score is null or score >= $score)
    and (
        $symbols is null
        or list_has_any(
            cast($symbols as text[]),
            [upper(entity), split_part(upper(entity), ':', 2), upper(key)]
        )
    )
    and (
        $not_symbols is null
        or not list_has_any(
            cast($not_symbols as text[]), [upper(entity), split_part(upper(entity), ':', 2)]
        )
    )
order by told_at desc, alert_id
"""
UNKNOWN = """
with known as (
    select
        list_sort(list(distinct detector)) as detectors,
        list_sort(list(distinct rule)) as rules,
        list_sort(list(distinct upper(entity))) as entities,
        list_sort(list(distinct split_part(upper(entity), ':', 2))) as pairs
    from reports.alerts
),

asked as (
    select 'detector' as setting, $detector as said, detectors as known from known
    union all
    select 'rule' as setting, $rule as said, coalesce(rules, []) as known from known
    union all
    select
        'symbols' as setting,
        unnest(cast($symbols as text[])) as said,
        entities || pairs as known
    from known
)

select * from asked where said is not null and not coalesce(list_contains(known, said), false)
"""
OWN = """
from reports.alert_evidence
where starts_with(alert_id, lower($alert)) or alert_key = $alert
order by rule nulls last, alert_id
limit 1
"""
CHOSEN = """
with chosen as (
    select alert_id, alert_key, entity, told_at, direction
    from reports.alerts
    where starts_with(alert_id, lower($alert)) or alert_key = $alert
    order by rule nulls last, alert_id
    limit 1
)
"""
HISTORY = f"""{CHOSEN}
select history.happened_at, history.step, history.actor, history.until_at, history.note
from reports.alert_history as history
inner join chosen
    on
        history.alert_id = chosen.alert_id
        or (history.step = 'seen' and history.alert_id = md5(chosen.alert_key))
order by history.happened_at desc, history.step
"""
RELATED = f"""{CHOSEN}
select others.*
from reports.alerts as others
inner join chosen on others.entity = chosen.entity and others.alert_id <> chosen.alert_id
order by abs(epoch(others.told_at) - epoch(chosen.told_at)), others.alert_id
"""
PRICE = f"""{CHOSEN},

prices as (
    select bars.bar_at as price_at, bars.mid as price
    from features.book_bars as bars
    where
        $alert is not null
        and bars.venue || ':' || bars.pair = (select entity from chosen)
        and bars.known_date between (select cast(told_at - interval 30 minutes as date) from chosen)
        and (select cast(told_at + interval 30 minutes as date) from chosen)
        and bars.bar_at between (select told_at - interval 30 minutes from chosen)
        and (select told_at + interval 30 minutes from chosen)
    union all
    select bars.starts_at as price_at, cast(bars.close as double) as price
    from curated.equity_bars as bars
    where
        $alert is not null
        and bars.symbol = (select entity from chosen)
        and bars.bar = '1m' and bars.withdrawn_at is null
        and bars.starts_at between (select told_at - interval 2 hours from chosen)
        and (select told_at + interval 2 hours from chosen)
)

select prices.price_at, prices.price, chosen.told_at, chosen.direction
from prices
cross join chosen
where prices.price is not null
order by prices.price_at
"""
QUEUE = """
select why, detector, entity, fired_at, score, alert_key
from reports.review_queue
where $detector is null or detector = $detector
order by place
"""
NO_ALERTS = (
    "No alert is like this up to this moment. Take filters away, or run `leadline live` to have "
    "the detectors watched."
)
NO_ALERT = (
    "No alert is open here. Choose one of the list: click it, or walk with `j` and `k` and press "
    "`Enter`; what stands in the address may have no alert any more."
)
NO_HISTORY = "Nothing has happened to it yet. Acknowledge or snooze it above."
NO_RELATED = "No other alert is about this entity up to this moment. Choose another one."
NO_QUEUE = (
    "Every alert up to this moment has a verdict, or none is there yet. "
    "`leadline review list --done` shows what was said."
)
NO_PRICE = "No price around it is loaded. Run `leadline feeds` to see who sends one."


def page(desk: Desk) -> pn.viewable.Viewable:
    """Lay out the list, the alert that is chosen, and the editor of rules."""
    root, place = desk.warehouse.catalog.root, desk.warehouse.store.place
    evidence = Evidence(desk.paced.answers.detector, place, NO_ALERT)
    editor = RuleEditor(root)
    act_on_alerts(desk, evidence)
    act_on_rules(desk, editor, root)
    others = AlertList(NO_RELATED)
    queue = desk.table(
        "queue", "Waiting for a verdict", desk.query(QUEUE, most=50), NO_QUEUE,
        key=("alert_key",), sets={"alert": "alert_key"}, hidden=("alert_key",), is_short=True,
    )  # fmt: skip
    more = (
        desk.panel("price", "Price around it", PriceAround(NO_PRICE), desk.query(PRICE)),
        desk.table("history", "What happened to it", desk.query(HISTORY), NO_HISTORY),
        desk.panel("related", "Of the same entity", others, desk.query(RELATED, most=15)),
    )
    return stacked(
        desk.bar("severity", "family", "state", "symbols", "detector", "rule", "score"),
        desk.follow(Misnamed(), desk.query(UNKNOWN)),
        beside(
            stacked(
                desk.panel("list", "Alerts", AlertList(NO_ALERTS), desk.query(LIST, most=100)),
                queue,
                card("Rules", desk.follow(editor, desk.query("select $edit as edit"))),
            ),
            stacked(
                desk.panel("evidence", "Evidence", evidence, desk.query(OWN)),
                *more,
            ),
            least=420,
        ),
        desk.follow(Shutter(more), desk.query("select $alert as alert")),
    )
