-- what:     Prints of stocks far from the ones before and after them.
-- grain:    one row per print, told with the one after it
-- status:   live
-- every:    1h
-- severity: medium
-- needs:    1h

with params as (
    select 1.5 as min_factor  -- the tapes halt a stock long before; a slip of a digit is 10
),

around as (
    select
        *,
        lag(price) over in_order as before_usd,
        lead(price) over in_order as after_usd,
        lead(known_at) over in_order as after_at
    from raw.equity_trades
    where not is_gone
    window in_order as (
        partition by source, symbol, session_date order by known_at, sequence, trade_id
    )
)

select
    'equity_trades' as dataset,
    around.symbol as entity,
    around.after_at as known_at,
    'a print at ' || cast(around.price as double) || ' between '
    || cast(around.before_usd as double) || ' and ' || cast(around.after_usd as double) as reason,
    to_json(struct_pack(
        source := around.source, venue := around.venue, trade_id := around.trade_id,
        price := cast(around.price as double), size := cast(around.size as double),
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
        around.price > params.min_factor * greatest(around.before_usd, around.after_usd)
        or around.price * params.min_factor < least(around.before_usd, around.after_usd)
    )
