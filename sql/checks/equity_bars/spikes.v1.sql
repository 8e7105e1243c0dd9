-- what:     Bars whose close leaves the ones before and after it far behind, and comes back.
-- grain:    one row per bar, told with the bar after it
-- status:   live
-- every:    1d
-- severity: high
-- needs:    10 sessions

with params as (
    select 2 as min_factor  -- a slip of a digit is 10, a split that one bar missed is 2 or more
),

stood as (
    select *
    from raw.equity_bars
    window
        same_bar as (
            partition by source, symbol, bar, starts_at order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over same_bar is null
),

around as (
    select
        *,
        lag(close) over in_order as before_usd,
        lead(close) over in_order as after_usd,
        lead(known_at) over in_order as after_at
    from stood
    where not is_gone
    window in_order as (partition by source, symbol, bar, adjusted order by starts_at)
)

select
    'equity_bars' as dataset,
    around.symbol as entity,
    greatest(around.known_at, around.after_at) as known_at,
    'close of ' || cast(around.close as double) || ' between ' || cast(around.before_usd as double)
    || ' and ' || cast(around.after_usd as double) as reason,
    to_json(struct_pack(
        source := around.source, bar := around.bar, session_date := around.session_date,
        starts_us := epoch_us(around.starts_at), close := cast(around.close as double),
        before := cast(around.before_usd as double), after := cast(around.after_usd as double)
    )) as evidence
from around
cross join params
where
    greatest(around.before_usd, around.after_usd)
    < params.min_factor * least(around.before_usd, around.after_usd)
    and around.before_usd is not null
    and around.after_usd is not null
    and (
        around.close > params.min_factor * greatest(around.before_usd, around.after_usd)
        or around.close * params.min_factor < least(around.before_usd, around.after_usd)
    )
