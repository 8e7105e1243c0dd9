-- what:    What is usual of a pair's price and volume before each hour, for rules on pumps.
-- grain:   one row per venue, pair and hour with a trade; the hour itself is in none of it;
--          usd_rate is null where the venue has no pair of the quote currency and a dollar
-- status:  live
-- needs:   31d

with hours as (
    select
        *,
        split_part(pair, '-', 2) as quote_coin
    from features.crypto_hours
),

measured as (
    select
        *,
        sum(last_price) over half_day as sum_close12,
        count(*) over half_day as n_hours12,
        sum(volume) over half_day as sum_volume12,
        max(volume) over month as max_volume,
        sum(notional) over month as sum_notional,
        count(*) over month as n_hours,
        (epoch_us(hour_at) - epoch_us(min(hour_at) over month)) / 86_400_000_000 as n_days
    from hours
    window
        half_day as (
            partition by venue, pair order by hour_at
            range between interval 12 hours preceding and interval 1 hour preceding
        ),
        month as (
            partition by venue, pair order by hour_at
            range between interval 30 days preceding and interval 1 hour preceding
        )
),

weighed as (
    select
        measured.*,
        case
            when dollars.coin is not null then 1
            when measured.hour_at - rates.hour_at <= interval 1 day then rates.usd_rate
        end as usd_rate
    from measured
    left join curated.dollar_coins as dollars on measured.quote_coin = dollars.coin
    asof left join features.quote_rates as rates
        on
            measured.venue = rates.venue
            and measured.quote_coin = rates.coin
            and measured.hour_at > rates.hour_at
),

missed as (
    select
        hours.venue, hours.pair, hours.hour_at,
        sum(
            epoch_us(least(coalesce(gaps.ended_at, hours.hour_at), hours.hour_at))
            - epoch_us(greatest(gaps.began_at, hours.hour_at - interval 12 hours))
        ) / 3_600_000_000 as gap_hours
    from hours
    inner join ops.feed_gaps as gaps
        on
            hours.venue = gaps.venue
            and (hours.pair = gaps.pair or gaps.pair = 'all')
            and gaps.channel = 'trades'
            and hours.hour_at > gaps.began_at
            and hours.hour_at >= gaps.known_at
            and hours.hour_at - interval 12 hours < coalesce(gaps.ended_at, hours.hour_at)
    group by hours.venue, hours.pair, hours.hour_at
)

select
    weighed.venue,
    weighed.pair,
    weighed.hour_at,  -- the hour's begin
    weighed.first_known_at as known_at,  -- of its first trade, before which there is no such hour
    round(weighed.sum_close12 / nullif(weighed.n_hours12, 0), 12)
        as price12,  -- quote currency, mean close of the 12 hours before; null without any
    weighed.n_hours12,  -- of these, the ones with a trade
    cast(weighed.sum_volume12 as double) / 12
        as volume12,  -- base units an hour; hours without a trade are zeros
    cast(weighed.max_volume as double)
        as max_volume,  -- base units, most of an hour in the 30 days before
    weighed.n_hours,  -- hours with a trade in these
    round(weighed.n_days, 6) as n_days,  -- days since the first of these
    weighed.usd_rate,  -- dollars a unit of the quote currency, at most a day old
    round(
        cast(weighed.sum_notional as double) * weighed.usd_rate / greatest(1, weighed.n_days), 2
    ) as daily_usd,  -- mean volume of a day in the 30 days before, at today's rate
    round(coalesce(missed.gap_hours, 0), 6)
        as gap_hours  -- of the 12 hours before, in which trades are missing
from weighed
left join missed
    on
        weighed.venue = missed.venue
        and weighed.pair = missed.pair
        and weighed.hour_at = missed.hour_at
