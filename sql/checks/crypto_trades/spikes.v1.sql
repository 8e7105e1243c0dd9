-- what:     Crypto trades at a price far from the ones before and after them.
-- grain:    one row per trade, told with the one after it
-- status:   live
-- every:    1h
-- severity: high
-- needs:    5m

with params as (
    select 1.2 as min_factor  -- a flash crash takes more than one trade each way
),

around as (
    select
        *,
        lag(price) over in_order as before_price,
        lead(price) over in_order as after_price,
        lead(known_at) over in_order as after_at
    from raw.crypto_trades
    where not is_gone
    window in_order as (
        partition by source, venue, pair, is_aggregate order by traded_at, sequence, trade_id
    )
)

select
    'crypto_trades' as dataset,
    around.venue || ':' || around.pair as entity,
    greatest(around.known_at, around.after_at) as known_at,
    'a price of ' || around.price || ' between ' || around.before_price || ' and '
    || around.after_price as reason,
    to_json(struct_pack(
        source := around.source, trade_id := around.trade_id, price := around.price,
        size := around.size, before := around.before_price, after := around.after_price
    )) as evidence
from around
cross join params
where
    greatest(around.before_price, around.after_price)
    < params.min_factor * least(around.before_price, around.after_price)
    and around.before_price is not null
    and around.after_price is not null
    and (
        around.price > params.min_factor * greatest(around.before_price, around.after_price)
        or around.price * params.min_factor < least(around.before_price, around.after_price)
    )
