-- what:     Crypto trades far outside of the book that stood when they were told.
-- grain:    one row per trade
-- status:   live
-- every:    1h
-- severity: medium
-- needs:    1m

with params as (
    select
        interval 5 seconds as max_age,  -- an older top says nothing of a price
        1.02 as max_factor  -- a sweep through the book goes less far
)

select
    'crypto_trades' as dataset,
    trades.venue || ':' || trades.pair as entity,
    trades.known_at,
    'a price of ' || trades.price || ' beside a book of ' || tops.best_bid || ' to '
    || tops.best_ask as reason,
    to_json(struct_pack(
        source := trades.source, trade_id := trades.trade_id, price := trades.price,
        best_bid := tops.best_bid, best_ask := tops.best_ask,
        age_us := epoch_us(trades.known_at) - epoch_us(tops.known_at)
    )) as evidence
from raw.crypto_trades as trades
cross join params
asof inner join raw.book_tops as tops
    on
        trades.venue = tops.venue
        and trades.pair = tops.pair
        and trades.known_at >= tops.known_at
where
    not trades.is_gone
    and not tops.is_gone
    and trades.known_at <= tops.known_at + params.max_age
    and (
        trades.price > params.max_factor * tops.best_ask
        or trades.price * params.max_factor < tops.best_bid
    )
