-- what:    Large prints of stocks, the newest first, with who began each and how sure that is.
-- grain:   one row per print of at least a million dollars, in its newest version
-- status:  live
-- needs:   0s
-- route:   blocks_recent

with numbered as (
    select
        *,
        row_number() over (
            partition by symbol, session_date, print_id order by known_at desc
        ) as age
    from features.equity_blocks
)

select
    symbol,
    traded_at,
    known_at,
    session_date,
    venue,
    trade_type,  -- dark (off exchange, whoever filled it), cross, sweep or block
    trade_class,  -- of the strictest code
    cast(price as double) as price,  -- USD a share
    cast(size as double) as size,  -- shares
    cast(value_usd as double) as value_usd,  -- price and size
    value_usd >= 10_000_000 as is_block,  -- of ten million dollars or more
    case side when 1 then 'bull' when -1 then 'bear' end as direction,  -- null where nobody can say
    cast(side_prob as double) as side_prob,  -- that it is right, 0.5 to 1
    prem_bps,  -- over the middle of bid and ask
    is_quote_stale,  -- its premium is beside an old quote
    is_late,  -- a code says so, or it was published over 10 s after it was executed
    report_delay_s,  -- seconds from execution to publication
    adv_frac,  -- its size in days of the stock's usual volume
    is_block_adv,  -- at least a hundredth of a day
    is_block_stat,  -- of the top thousandth of the stock's prints
    print_id,  -- venue:trade_id
    withdrawn_at  -- when another version of it became known
from numbered
where age = 1
order by known_at desc, symbol asc, print_id asc
