-- rule:    D1, D2, D3, D4
-- what:    What all managers together held of a company, all its classes, and how that changed.
-- grain:   one row per company and quarter that somebody reports, as it stands; changes are those
--          of managers that reported both quarters, and null where nobody did
-- status:  live
-- misses:  what part of the company that is: sources that count shares leave such companies out

with params as (
    select
        2 as min_strong_pct,  -- founding threshold
        0.1 as max_neutral_pct  -- rule book D4: a dead band
),

classes as (
    select
        coalesce(told.company, positions.cusip) as company,
        positions.period_end,
        count(distinct positions.cusip) as n_classes,
        array_to_string(list_sort(list(distinct positions.ticker)), ', ') as tickers
    from features.holder_positions as positions
    left join curated.share_classes as told
        on
            positions.cusip = told.cusip
            and positions.known_at >= told.known_at
            and coalesce(positions.known_at < told.withdrawn_at, true)
    where
        positions.withdrawn_at is null and positions.put_call is null
        and positions.share_type = 'SH'
    group by coalesce(told.company, positions.cusip), positions.period_end
),

summed as (
    select
        company, period_end,
        arg_max(ticker, struct_pack(v := value_usd, id := cik)) as ticker,
        max(issuer) as issuer,
        max(known_at) as known_at,
        sum(case when n_classes > 0 then 1 else 0 end) as n_holders,
        sum(case when n_classes > 1 then 1 else 0 end) as n_several,
        sum(cast(value_usd as decimal(28, 2))) as value_usd,
        sum(case when holder_change is not null then 1 else 0 end) as n_compared,
        sum(case when holder_change = 'new' then 1 else 0 end) as n_new,
        sum(case when holder_change = 'sold_out' then 1 else 0 end) as n_sold_out,
        sum(case when holder_change = 'increased' then 1 else 0 end) as n_increased,
        sum(case when holder_change = 'decreased' then 1 else 0 end) as n_decreased,
        sum(case when holder_change = 'exchanged' then 1 else 0 end) as n_exchanged,
        sum(cast(case when trade_effect_usd > 0 then trade_effect_usd end as decimal(28, 2)))
            as buy_usd,
        sum(cast(case when trade_effect_usd < 0 then -trade_effect_usd end as decimal(28, 2)))
            as sell_usd,
        sum(cast(trade_effect_usd as decimal(28, 2))) as net_flow_usd,
        sum(cast(prev_worth_usd as decimal(28, 2))) as prev_worth_usd
    from features.company_positions
    where withdrawn_at is null
    group by company, period_end
),

measured as (
    select
        *,
        round(100 * cast(net_flow_usd as double) / nullif(cast(prev_worth_usd as double), 0), 6)
            as net_change_pct
    from summed
)

select
    measured.company,  -- the first six of a CUSIP; the CUSIP of what is no class of a stock
    measured.ticker,  -- of the class that the largest holder holds most of
    classes.tickers,  -- of all classes that are held
    measured.issuer,
    measured.period_end,
    measured.known_at,  -- when the newest of its reports became known
    classes.n_classes,  -- that somebody held in this quarter or the one before
    cast(measured.n_holders as bigint) as n_holders,  -- managers that hold any of them
    cast(measured.n_several as bigint) as n_several,  -- of them, hold more than one
    cast(measured.value_usd as double) as value_usd,  -- USD, at the quarter's end
    cast(measured.n_compared as bigint) as n_compared,  -- held it in either, and reported both
    cast(measured.n_new as bigint) as n_new,  -- hold a class of it now and held none before
    cast(measured.n_sold_out as bigint) as n_sold_out,  -- held one before and hold none now
    cast(measured.n_increased as bigint) as n_increased,  -- by over half a percent
    cast(measured.n_decreased as bigint) as n_decreased,  -- by over half a percent
    cast(measured.n_exchanged as bigint) as n_exchanged,  -- hold other classes; in no sum
    cast(measured.buy_usd as double) as buy_usd,  -- what was added, at mean prices
    cast(measured.sell_usd as double) as sell_usd,  -- what was taken off
    cast(measured.net_flow_usd as double) as net_flow_usd,  -- the one less the other
    measured.net_change_pct,  -- of what was held before, at the same prices
    case
        when measured.net_change_pct > params.min_strong_pct then 'strong_inflow'
        when measured.net_change_pct > params.max_neutral_pct then 'inflow'
        when measured.net_change_pct < -params.min_strong_pct then 'strong_outflow'
        when measured.net_change_pct < -params.max_neutral_pct then 'outflow'
        when measured.net_change_pct is not null then 'neutral'
    end as flow_label  -- strong_inflow, inflow, neutral, outflow or strong_outflow
from measured
cross join params
inner join classes
    on measured.company = classes.company and measured.period_end = classes.period_end
order by measured.period_end desc, measured.company asc
