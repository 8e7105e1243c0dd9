-- what:    What was added to order books that may matter, in dollars or beside what lies near.
-- grain:   one row per row of features.book_adds of 50,000 USD, or of 1 % of what lies within 500
--          bps of the mid; notional_usd is null where nobody says what the quote currency costs
-- status:  live
-- needs:   0s, 25h of features.quote_rates

with params as (
    select
        50_000 as min_notional_usd,  -- rule book B3
        0.01 as min_near_frac,  -- rule book B3
        interval 1 day as max_rate_age,  -- as in features.pump_hours
        2 as round_digits  -- 51,000 is round, 51,500 is not; a guess
),

adds as (
    select
        adds.*,
        params.min_notional_usd, params.min_near_frac, params.max_rate_age, params.round_digits,
        split_part(adds.pair, '-', 2) as quote_coin,
        cast(adds.add_size as double) as q,
        case
            when adds.book_side = 1 then coalesce(adds.bid_size_50bps, adds.bid_size_all)
            else coalesce(adds.ask_size_50bps, adds.ask_size_all)
        end as side_depth,
        coalesce(adds.bid_size_500bps, adds.bid_size_all)
        + coalesce(adds.ask_size_500bps, adds.ask_size_all) as near_depth
    from features.book_adds as adds
    cross join params
),

weighed as (
    select
        adds.*,
        case
            when dollars.coin is not null then 1
            when adds.hour_at - rates.hour_at <= adds.max_rate_age then rates.usd_rate
        end as usd_rate
    from adds
    left join curated.dollar_coins as dollars on adds.quote_coin = dollars.coin
    asof left join features.quote_rates as rates
        on
            adds.venue = rates.venue
            and adds.quote_coin = rates.coin
            and adds.hour_at > rates.hour_at
)

select
    venue,
    pair,
    known_at,
    exchange_at,
    minute_at,
    hour_at,
    book_side,
    band_bps,
    price,
    order_id,
    q as add_size,  -- base units that came
    size,  -- base units of the order or the level now
    bin,
    dist_bps,
    mid,
    best_bid,
    best_ask,
    round((best_ask - best_bid) / mid, 9) as spread_frac,  -- of the mid
    usd_rate,  -- dollars a unit of the quote currency, of the venue's last whole hour
    round(q * price * usd_rate, 2) as notional_usd,  -- of what came
    side_depth,  -- base units on its side within 50 bps of the mid, or on all of it that is known
    near_depth,  -- base units on both sides within 500 bps, or on all of them that are known
    round(q / nullif(near_depth, 0), 9) as near_frac,  -- add_size over near_depth
    round(abs(bid_size_all - ask_size_all), 8)
        as lean_size,  -- base units that one side of the known book has more than the other
    abs(
        price / pow(10, floor(round(log10(price), 9)) + 1 - round_digits)
        - round(price / pow(10, floor(round(log10(price), 9)) + 1 - round_digits))
    ) < 1e-9 as is_round_price,  -- a price of two digits and zeros, which attracts size
    epoch,
    update_id,
    sequence
from weighed
where q * price * usd_rate >= min_notional_usd or q >= min_near_frac * near_depth
