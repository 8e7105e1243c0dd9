-- what:     Daily bars that say the same as the session before, to the last share.
-- grain:    one row per bar
-- status:   live
-- every:    1d
-- severity: medium
-- needs:    10 sessions

with params as (
    select 1_000 as min_volume  -- of a few shares the same number comes by chance
),

days as (
    select
        *,
        struct_pack(o := open, h := high, l := low, c := close, v := volume) as said
    from raw.equity_bars
    where bar = '1d' and not is_gone
    window
        same_bar as (
            partition by source, symbol, adjusted, session_date
            order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over same_bar is null
),

steps as (
    select
        *,
        lag(said) over in_order as said_before,
        lag(session_date) over in_order as before_date
    from days
    window in_order as (partition by source, symbol, adjusted order by session_date)
)

select
    'equity_bars' as dataset,
    steps.symbol as entity,
    steps.known_at,
    'its bar repeats that of ' || steps.before_date as reason,
    to_json(struct_pack(
        source := steps.source, session_date := steps.session_date,
        before_date := steps.before_date, close := cast(steps.close as double),
        volume := cast(steps.volume as double)
    )) as evidence
from steps
cross join params
where steps.said = steps.said_before and steps.volume >= params.min_volume
