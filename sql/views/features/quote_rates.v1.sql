-- what:    What a coin costs in dollars on each venue, to weigh what is quoted in it.
-- grain:   one row per venue, coin and hour with a trade of it against a dollar, once it is over
-- status:  live
-- needs:   1h

with hours as (
    select
        *,
        split_part(pair, '-', 1) as base_coin,
        split_part(pair, '-', 2) as quote_coin
    from features.crypto_hours
)

select
    hours.venue,
    hours.base_coin as coin,  -- what a unit of costs so much
    hours.hour_at,  -- the hour's begin
    hours.hour_at + interval 1 hour as known_at,  -- the hour's end
    arg_max(hours.last_price, struct_pack(n := hours.n_trades, pair := hours.pair))
        as usd_rate  -- dollars, last price of the pair with the most trades
from hours
inner join curated.dollar_coins as dollars on hours.quote_coin = dollars.coin
where hours.hour_at + interval 1 hour < (select clock.until from ops.clock as clock)
group by hours.venue, hours.base_coin, hours.hour_at
