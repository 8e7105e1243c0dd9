-- what:    The large prints of a stock's session in figures.
-- grain:   one row per symbol and session with a print of at least a million dollars
-- status:  live
-- needs:   24h
-- route:   blocks_daily

select
    symbol,
    session_date,
    count(*) as n_large,  -- prints of a million dollars or more
    cast(sum(case when is_block then 1 else 0 end) as bigint) as n_blocks,  -- of ten million
    cast(sum(case when trade_type = 'dark' then 1 else 0 end) as bigint)
        as n_offex,  -- off exchange
    cast(sum(case when is_late then 1 else 0 end) as bigint) as n_late,  -- reported late
    round(sum(value_usd), 2) as value_usd,  -- of all
    round(sum(case when trade_type = 'dark' then value_usd else 0 end), 2)
        as offex_value_usd,  -- off exchange
    round(max(value_usd), 2) as largest_usd,  -- of one print
    round(sum(case when direction = 'bull' then value_usd else 0 end), 2)
        as bull_value_usd,  -- begun by buyers
    round(sum(case when direction = 'bear' then value_usd else 0 end), 2)
        as bear_value_usd,  -- begun by sellers
    round(
        sum(case when direction is not null then value_usd else 0 end) / nullif(sum(value_usd), 0),
        6
    ) as sided_frac,  -- share of the value that has a side, 0 to 1
    round(
        sum(case when direction = 'bull' then value_usd else 0 end)
        / nullif(sum(case when direction is not null then value_usd else 0 end), 0), 6
    ) as bull_share,  -- bought, of what has a side, 0 to 1
    round(sum(adv_frac), 6) as adv_frac  -- their size in days of usual volume
from reports.blocks_recent
where withdrawn_at is null
group by symbol, session_date
order by session_date desc, value_usd desc, symbol asc
