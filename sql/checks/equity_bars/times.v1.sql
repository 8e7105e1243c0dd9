-- what:     Bars that were known before they were over, or that lie far from their own session.
-- grain:    one row per bar
-- status:   live
-- every:    1d
-- severity: high
-- needs:    0s

with params as (
    select interval 16 hours as max_distance  -- from the open: before and after hours are nearer
),

timed as (
    select
        bars.*,
        case
            when bars.bar = '1m' then bars.starts_at + interval 1 minute else sessions.closes_at
        end as over_at,
        abs(epoch_us(bars.starts_at) - epoch_us(sessions.opens_at)) as distance_us
    from raw.equity_bars as bars
    inner join curated.us_sessions as sessions on bars.session_date = sessions.session_date
    where not bars.is_gone
)

select
    'equity_bars' as dataset,
    timed.symbol as entity,
    timed.known_at,
    case
        when timed.known_at < timed.over_at then 'it was known before it was over'
        else 'it begins ' || timed.distance_us // 3_600_000_000 || ' hours from its session''s open'
    end as reason,
    to_json(struct_pack(
        source := timed.source, bar := timed.bar, session_date := timed.session_date,
        starts_us := epoch_us(timed.starts_at), known_us := epoch_us(timed.known_at)
    )) as evidence
from timed
cross join params
where
    timed.known_at < timed.over_at
    or timed.distance_us > epoch_us(timestamp '1970-01-01' + params.max_distance)
