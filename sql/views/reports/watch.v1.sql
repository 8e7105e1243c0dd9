-- what:    Each watch list as it stands: prices, holdings, what to make of them, and why.
-- grain:   one row per list and symbol that is active; prices are of the span's last two days
-- status:  live
-- needs:   0s

with params as (
    select
        8 as alert_days,  -- five sessions and a weekend with a holiday
        60 as high_score,  -- rule book 0.5
        40 as medium_score,  -- rule book 0.5
        5 as min_measured  -- fewer alerts make no share
),

lines as (
    select *
    from curated.watchlists
    where withdrawn_at is null and is_active
),

newest as (
    select changes.*
    from features.watch_changes as changes
    qualify
        row_number() over (
            partition by changes.symbol order by changes.known_at desc, changes.starts_at desc
        ) = 1
),

-- Of the ways and horizons of a line the one that is furthest; what is old is none of now.
furthest as (
    select marks.*
    from features.watch_marks as marks
    inner join newest
        on
            marks.symbol = newest.symbol
            and marks.known_at = newest.known_at
            and marks.starts_at = newest.starts_at
    qualify
        row_number() over (
            partition by marks.watchlist, marks.symbol order by marks.times desc, marks.way desc
        ) = 1
),

alerts as (
    select alerts.*
    from curated.alerts as alerts
    where alerts.withdrawn_at is null
),

-- How often the loop's alerts of a detector were right, where it is known what happened.
events as (
    select
        event_id, detector, entity, starts_at, ends_at,
        row_number() over (
            partition by event_id order by known_at desc, recorded_at desc, load_id desc
        ) as age,
        is_gone
    from raw.events
    where detector is not null
),

measured as (
    select
        detector,
        min(starts_at) as starts_at,
        max(ends_at) as ends_at
    from events
    where age = 1 and not is_gone
    group by detector
),

right_ones as (
    select distinct alerts.alert_key
    from alerts
    inner join events
        on
            alerts.detector = events.detector
            and alerts.entity = events.entity
            and alerts.fired_at >= events.starts_at
            and alerts.fired_at <= events.ends_at
    where events.age = 1 and not events.is_gone
),

scorecards as (
    select
        alerts.detector,
        count(*) as n_measured,
        count(right_ones.alert_key) as n_right
    from alerts
    inner join measured
        on
            alerts.detector = measured.detector
            and alerts.fired_at >= measured.starts_at
            and alerts.fired_at <= measured.ends_at
    left join right_ones on alerts.alert_key = right_ones.alert_key
    group by alerts.detector
),

recent as (
    select
        alerts.entity as symbol,
        alerts.detector, alerts.fired_at, alerts.severity, alerts.score, alerts.headline,
        alerts.alert_key
    from alerts
    cross join params
    cross join ops.clock as clock
    where alerts.fired_at >= clock.until - params.alert_days * interval 1 day
),

by_detector as (
    select
        recent.symbol, recent.detector,
        count(*) as n_alerts,
        recent.detector || case
            when min(scorecards.n_measured) >= min(params.min_measured)
                then
                    ' (right in ' || min(scorecards.n_right) || ' of '
                    || min(scorecards.n_measured) || ')'
            else ' (nobody has measured it here)'
        end as said
    from recent
    cross join params
    left join scorecards on recent.detector = scorecards.detector
    group by recent.symbol, recent.detector
),

spoken as (
    select
        symbol,
        string_agg(said, ', ' order by n_alerts desc, detector asc) as scorecard
    from by_detector
    group by symbol
),

heard as (
    select
        symbol,
        count(*) as n_alerts,
        max(score) as worst_score,
        max(case when not detector like 'prices.watch_%' then score end) as other_score,
        arg_max(struct_pack(at := fired_at, said := headline, level := severity), struct_pack(
            at := fired_at, key := alert_key
        )) as newest
    from recent
    group by symbol
),

judged as (
    select
        lines.*,
        newest.price, newest.known_at as priced_at, newest.session_date,
        newest.chg_5m_pct, newest.chg_15m_pct, newest.chg_60m_pct, newest.chg_day_pct,
        newest.chg_14d_pct, newest.z_15m, newest.z_day, newest.sigma_d,
        furthest.times, furthest.horizon as over_horizon,
        coalesce(heard.n_alerts, 0) as n_alerts,
        heard.worst_score, heard.other_score, heard.newest,
        spoken.scorecard, params.high_score, params.medium_score,
        case
            when newest.price is null then 'no price'
            when furthest.times >= 1 then 'over'
            when furthest.times >= 0.7 then 'near'
            when furthest.times is null then 'unknown'
            else 'quiet'
        end as state
    from lines
    cross join params
    left join newest on lines.symbol = newest.symbol
    left join furthest
        on lines.watchlist = furthest.watchlist and lines.symbol = furthest.symbol
    left join heard on lines.symbol = heard.symbol
    left join spoken on lines.symbol = spoken.symbol
)

select
    judged.watchlist,
    judged.symbol,
    case
        when judged.state = 'over' and judged.other_score >= judged.high_score then 'act'
        when judged.state = 'over' or judged.worst_score >= judged.medium_score then 'look'
        else 'watch'
    end as suggestion,  -- act: over and a high alert of another detector; look: one of both; watch
    case judged.state
        when 'no price' then 'no price in the span'
        when 'unknown' then 'nothing to hold its price against'
        else
            'at ' || cast(round(greatest(judged.times, 0), 2) as decimal(18, 2))
            || ' times its threshold of ' || judged.over_horizon
    end
    || case
        when judged.n_alerts = 0 then '; no alert of the loop in eight days'
        else
            '; ' || judged.n_alerts
            || case when judged.n_alerts = 1 then ' alert' else ' alerts' end
            || ' in eight days, by ' || judged.scorecard
    end as reasons,  -- how far it is from its threshold, and who alarmed about it of late
    judged.state,  -- over, near (0.7 of the threshold), quiet, unknown or no price
    judged.times,  -- of the threshold, the largest of its horizons
    judged.price,  -- the newest
    judged.priced_at,  -- when it became known
    epoch(clock.until) - epoch(judged.priced_at) as price_age_s,  -- at the span's end
    judged.chg_5m_pct, judged.chg_15m_pct, judged.chg_60m_pct,
    judged.chg_day_pct,  -- since the close before
    judged.chg_14d_pct,  -- over the mean of 14 closes
    judged.z_15m,  -- standard deviations of 15 minutes at this time of the day
    judged.z_day,  -- standard deviations of a day
    judged.sigma_d,  -- of a day's log return
    judged.threshold_pct,  -- as the list says it
    judged.threshold_sigma,  -- as the list says it
    judged.horizon,  -- as the list says it
    judged.direction,  -- as the list says it
    judged.quantity,  -- shares or coins held
    judged.cost_usd,  -- paid for one
    round(judged.quantity * judged.price, 2) as value_usd,  -- of what is held
    round(judged.quantity * (judged.price - judged.cost_usd), 2) as gain_usd,  -- on what was paid
    round(100 * (judged.price / nullif(judged.cost_usd, 0) - 1) * sign(judged.quantity), 6)
        as gain_pct,  -- on what was paid
    judged.n_alerts,  -- of the loop about the symbol, in eight days
    judged.newest.at as alerted_at,  -- its newest alert
    judged.newest.level as alert_severity,  -- of that alert
    judged.newest.said as alert_headline,  -- of that alert
    judged.note,  -- in the person's words
    judged.known_at as listed_at  -- since when the line stands
from judged
cross join ops.clock as clock
order by judged.watchlist asc, judged.times desc nulls last, judged.symbol asc
