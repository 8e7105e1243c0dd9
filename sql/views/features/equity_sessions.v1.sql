-- what:    What traded of a stock in a session by its prints, on and off exchange, once its
--          extended hours are over.
-- grain:   one row per symbol and session; prints published later than 4 h 15 min after the close
--          are in none
-- status:  live
-- needs:   24h

with params as (
    select
        interval 255 minutes as max_wait  -- as in features.equity_session_days
)

select
    sums.symbol,
    sums.session_date,
    max(sessions.closes_at + params.max_wait) as known_at,  -- when the session's last word is told
    max(sessions.closes_at) as closes_at,
    cast(sum(sums.volume) as decimal(28, 6)) as volume,  -- shares
    cast(sum(sums.offex_volume) as decimal(28, 6)) as offex_volume,  -- shares, off exchange
    cast(sum(sums.auction_volume) as decimal(28, 6)) as auction_volume,  -- shares of auctions
    cast(sum(sums.late_volume) as decimal(28, 6)) as late_volume,  -- shares reported late
    cast(sum(sums.value_usd) as decimal(28, 2)) as value_usd,
    cast(sum(sums.offex_value_usd) as decimal(28, 2)) as offex_value_usd,  -- off exchange
    cast(sum(sums.n_prints) as bigint) as n_prints,  -- that count as volume
    cast(sum(sums.n_offex_prints) as bigint) as n_offex_prints,  -- executed off exchange
    cast(sum(sums.n_unknown_venues) as bigint) as n_unknown_venues,  -- executed nobody says where
    cast(sum(sums.n_unknown_codes) as bigint) as n_unknown_codes,  -- of a meaning nobody told
    round(
        cast(sum(sums.offex_volume) as double) / nullif(cast(sum(sums.volume) as double), 0), 9
    ) as offex_share  -- of the volume, 0 to 1
from features.equity_session_days as sums
cross join params
inner join curated.us_sessions as sessions on sums.session_date = sessions.session_date
where sessions.closes_at + params.max_wait < (select clock.until from ops.clock as clock)
group by sums.symbol, sums.session_date
