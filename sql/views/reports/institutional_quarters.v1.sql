-- rule:    D3, D4
-- what:    What all managers together held of a security in a quarter and changed, as it stands.
-- grain:   one row per security (CUSIP) and quarter that somebody reports; changes are those of
--          managers that reported both quarters, and null where nobody did
-- status:  live

with params as (
    select
        2 as min_strong_pct,  -- founding threshold
        0.1 as max_neutral_pct  -- rule book D4: a dead band
),

held as (
    select
        *,
        prev_shares is not null and (shares > 0 or prev_shares > 0) as is_compared,
        cast(shares as double) as s1,
        cast(prev_shares as double) as s0
    from features.holder_positions
    where withdrawn_at is null and put_call is null and share_type = 'SH'
),

summed as (
    select
        cusip, period_end,
        max(ticker) as ticker,
        max(issuer) as issuer,
        max(known_at) as known_at,
        sum(case when s1 > 0 then 1 else 0 end) as n_holders,
        sum(s1) as shares,
        sum(value_usd) as value_usd,
        sum(case when is_compared then 1 else 0 end) as n_compared,
        sum(case when is_compared then s0 end) as prev_shares,
        sum(case when is_compared then s1 - s0 end) as d_shares,
        sum(case when is_compared and s0 > 0 and s1 > s0 then 1 else 0 end) as n_increased,
        sum(case when is_compared and s1 > 0 and s1 < s0 then 1 else 0 end) as n_decreased,
        sum(case when is_compared and s0 = 0 then 1 else 0 end) as n_new,
        sum(case when is_compared and s1 = 0 then 1 else 0 end) as n_sold_out,
        sum(case when is_compared and trade_effect_usd > 0 then trade_effect_usd end) as buy_usd,
        sum(case when is_compared and trade_effect_usd < 0 then -trade_effect_usd end) as sell_usd
    from held
    group by cusip, period_end
),

counted as (
    select
        symbol,
        arg_max(shares, struct_pack(as_of := as_of_date, known := known_at)) as shares_outstanding
    from curated.shares_outstanding
    where withdrawn_at is null
    group by symbol
),

measured as (
    select
        summed.*,
        round(100 * summed.d_shares / nullif(summed.prev_shares, 0), 6) as net_change_pct,
        round(100 * summed.shares / cast(counted.shares_outstanding as double), 6) as inst_own_pct,
        params.min_strong_pct, params.max_neutral_pct
    from summed
    cross join params
    left join counted on summed.ticker = counted.symbol
)

select
    cusip,
    ticker,
    issuer,
    period_end,
    known_at,  -- when the newest of its reports became known
    cast(n_holders as bigint) as n_holders,  -- managers that hold it
    shares,  -- that they hold
    round(value_usd, 2) as value_usd,  -- USD, at the quarter's end
    inst_own_pct,  -- of the shares outstanding by the newest count; over 100 where shares are lent
    cast(n_compared as bigint) as n_compared,  -- held it in either quarter, and reported both
    prev_shares,  -- of them, a quarter before
    d_shares,  -- of them, since then
    net_change_pct,  -- of the shares before; null where there were none
    case
        when net_change_pct > min_strong_pct then 'strong_inflow'
        when net_change_pct > max_neutral_pct then 'inflow'
        when net_change_pct < -min_strong_pct then 'strong_outflow'
        when net_change_pct < -max_neutral_pct then 'outflow'
        when net_change_pct is not null then 'neutral'
    end as flow_label,  -- strong_inflow, inflow, neutral, outflow or strong_outflow
    cast(n_increased as bigint) as n_increased,  -- held more of it than before, by however little
    cast(n_decreased as bigint) as n_decreased,  -- held less
    cast(n_new as bigint) as n_new,  -- hold it now and did not before
    cast(n_sold_out as bigint) as n_sold_out,  -- held it before and do no more
    round(buy_usd, 2) as buy_usd,  -- what was added, at the mean of both ends' prices
    round(sell_usd, 2) as sell_usd,  -- what was taken off
    case
        when n_compared > 0
            then round(100 * cast(n_new - n_sold_out as double) / nullif(n_holders, 0), 6)
    end as conviction_legacy  -- new less sold out, in percent of the holders; founding rule
from measured
order by period_end desc, cusip asc
