-- what:    The tape of crypto trades, newest first, with what is large for each pair.
-- grain:   one row per trade as it was first told; aggregates only of pairs that tell no single
--          trades, so that nothing is there twice; is_large is null where little traded before
-- status:  live
-- needs:   7h
-- route:   crypto_tape

with params as (
    select
        interval 6 hours as baseline,  -- a shorter one follows each burst; a guess
        0.99 as large_pr,  -- one of a hundred
        500 as min_obs,  -- below it the hundredth part is no five trades
        interval 6 hours as max_rate_age,  -- `needs` covers it
        interval 1 hour as vwap_span,  -- as the frame below; about what a trader calls now
        1e-9 as smallest,  -- quote currency; bins begin there
        20 as bins_a_unit  -- of ln notional: what shares a bin differs by 5 %
),

prints as (
    select
        prints.*,
        params.smallest, params.bins_a_unit, params.vwap_span,
        date_trunc('hour', prints.known_at) as hour_at,
        split_part(prints.pair, '-', 2) as quote_coin
    from features.crypto_prints as prints
    cross join params
),

bins as (
    select
        venue, pair, hour_at,
        cast(floor(round(bins_a_unit * ln(notional / smallest), 6)) as bigint) as bin,
        count(*) as n_trades,
        sum(notional) as notional
    from prints
    where notional > 0
    group by venue, pair, hour_at, bin
),

near as (
    select prints.*
    from prints
    inner join ops.clock as clock on prints.known_at >= clock.since - prints.vwap_span
),

asked as (
    select
        venue, pair, hour_at
    from near
    group by venue, pair, hour_at
),

pasts as (
    select
        asked.venue, asked.pair, asked.hour_at, bins.bin,
        sum(bins.n_trades) as n_trades,
        cast(sum(bins.notional) as double) / sum(bins.n_trades) as notional
    from asked
    cross join params
    inner join bins
        on
            asked.venue = bins.venue
            and asked.pair = bins.pair
            and bins.hour_at >= asked.hour_at - params.baseline
            and asked.hour_at > bins.hour_at
    group by asked.venue, asked.pair, asked.hour_at, bins.bin
),

by_size as (
    select
        *,
        sum(n_trades) over in_order as n_up_to,
        sum(n_trades) over (partition by venue, pair, hour_at) as n_obs
    from pasts
    window
        in_order as (
            partition by venue, pair, hour_at order by bin
            rows between unbounded preceding and current row
        )
),

usual as (
    select
        by_size.venue, by_size.pair, by_size.hour_at,
        cast(max(by_size.n_obs) as bigint) as n_obs,
        min(case when 2 * by_size.n_up_to >= by_size.n_obs then by_size.notional end)
            as median_notional,
        min(
            case
                when by_size.n_up_to >= params.large_pr * by_size.n_obs then by_size.notional
            end
        ) as large_notional
    from by_size
    cross join params
    group by by_size.venue, by_size.pair, by_size.hour_at
),

run as (
    select
        *,
        sum(notional) over of_hour as vwap_notional,
        sum(size) over of_hour as vwap_size
    from near
    window
        of_hour as (
            partition by venue, pair order by known_at
            range between interval 1 hour preceding and current row
        )
),

weighed as (
    select
        run.*,
        usual.n_obs, usual.median_notional, usual.large_notional,
        params.min_obs,
        case
            when dollars.coin is not null then 1
            when run.hour_at - rates.hour_at <= params.max_rate_age then rates.usd_rate
        end as usd_rate
    from run
    cross join params
    left join usual
        on
            run.venue = usual.venue
            and run.pair = usual.pair
            and run.hour_at = usual.hour_at
    left join curated.dollar_coins as dollars on run.quote_coin = dollars.coin
    asof left join features.quote_rates as rates
        on
            run.venue = rates.venue
            and run.quote_coin = rates.coin
            and run.hour_at > rates.hour_at
)

select
    venue,
    pair,
    traded_at,  -- the venue's time
    known_at,
    side,  -- 1 the buyer began, -1 the seller
    price,  -- quote currency
    cast(size as double) as size,  -- base units
    cast(notional as double) as notional,  -- quote currency
    round(cast(notional as double) * usd_rate, 2)
        as notional_usd,  -- null where nobody says what the quote currency costs
    case when n_obs >= min_obs then cast(notional as double) >= large_notional end
        as is_large,  -- among the largest hundredth of the six whole hours before its hour
    round(cast(notional as double) / median_notional, 6)
        as notional_ratio,  -- over the median of these hours
    round(large_notional, 8) as large_notional,  -- quote currency; from it on it is large; to 5 %
    coalesce(n_obs, 0) as n_obs,  -- trades in these hours
    round(cast(vwap_notional as double) / cast(vwap_size as double), 9)
        as vwap,  -- quote currency, mean price by volume of the hour up to it and of its moment
    round(
        10_000 * (price / (cast(vwap_notional as double) / cast(vwap_size as double)) - 1), 6
    ) as vwap_bps,  -- of price from vwap
    is_aggregate,  -- one aggressive order's fills at one price, merged
    trade_id,
    sequence
from weighed
order by known_at desc, venue asc, pair asc, sequence desc, trade_id desc
