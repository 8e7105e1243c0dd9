-- rule:    D3, D4, D5, D6
-- what:    What all managers together held of a security and changed, as of the ends of sessions.
-- grain:   one row per security (CUSIP), quarter and session in which something of it was told, and
--          one in the session from which the quarter's changes count (is_first_settled)
-- status:  live
-- misses:  puts and calls, but for their shares; a CUSIP that changed

-- Sums go on from session to session: each version of a manager's position is added in the session
-- in which it became known and taken off in the one in which it was withdrawn. So a session with
-- news has a row, a filing has none, and no row looks beyond its session.
with params as (
    select 10_000_000_000_000 as max_shares  -- more is an error of the filer; squares must fit
),

hours as (
    select
        session_date, closes_at,
        lag(closes_at) over (order by sequence) as previous_closes_at
    from curated.us_sessions
),

-- Both are read twice.
reports as (
    select
        cik, period_end, known_at, withdrawn_at, manager_type, is_active, d_frac_scale
    from features.manager_reports
),

seasons as (
    select period_end, session_date, known_at, coverage_frac, is_settled, is_first_settled
    from features.report_coverage
),

-- The two turns of a report that has ended add up to nothing.
turns as (
    select
        cik, period_end, known_at, manager_type, is_active, d_frac_scale,
        1 as sign,
        known_at as told_at
    from reports
    union all
    select
        cik, period_end, known_at, manager_type, is_active, d_frac_scale,
        -1 as sign,
        withdrawn_at as told_at
    from reports
    where withdrawn_at is not null
),

moments as (select distinct told_at from turns),

places as (
    select moments.told_at, hours.session_date, hours.closes_at
    from moments
    inner join hours
        on moments.told_at > hours.previous_closes_at and moments.told_at <= hours.closes_at
),

managers as (
    select turns.*, places.session_date, places.closes_at
    from turns
    inner join places on turns.told_at = places.told_at
),

positions as (
    select
        holdings.cusip, holdings.period_end, holdings.ticker, holdings.issuer,
        managers.session_date, managers.closes_at, managers.sign,
        case when holdings.put_call = 'put' then holdings.shares else 0 end as put_shares,
        case when holdings.put_call = 'call' then holdings.shares else 0 end as call_shares,
        case
            when holdings.put_call is null
                then cast(least(holdings.shares, params.max_shares) as decimal(19, 0))
            else 0
        end as s1,
        case
            when holdings.put_call is null and holdings.prev_shares is not null
                then cast(least(holdings.prev_shares, params.max_shares) as decimal(19, 0))
        end as s0,
        case when holdings.put_call is null then holdings.value_usd else 0 end as value_usd,
        case when holdings.put_call is null then holdings.trade_effect_usd end as flow_usd,
        managers.manager_type, managers.is_active,
        case
            when managers.is_active and holdings.put_call is null
                then
                    round(
                        (holdings.portfolio_frac - holdings.prev_portfolio_frac)
                        / nullif(managers.d_frac_scale, 0), 6
                    )
        end as d_weight
    from features.holder_positions as holdings
    cross join params
    inner join managers
        on
            holdings.cik = managers.cik
            and holdings.period_end = managers.period_end
            and holdings.known_at = managers.known_at
    where holdings.share_type = 'SH'
),

parts as (
    select
        cusip, period_end, session_date, closes_at, sign, ticker, issuer, put_shares, call_shares,
        case when s1 > 0 then 1 else 0 end as n_holders,
        s1 as shares_held,
        s1 * s1 as squares,
        cast(value_usd as decimal(28, 2)) as value_usd,
        case when s0 > 0 or (s0 = 0 and s1 > 0) then 1 else 0 end as n_compared,
        case when s0 > 0 then 1 else 0 end as n_prev_holders,
        case when s0 = 0 and s1 > 0 then 1 else 0 end as n_new,
        case when s0 > 0 and s1 = 0 then 1 else 0 end as n_sold_out,
        coalesce(s0, 0) as prev_shares,
        coalesce(s1 - s0, 0) as d_shares,
        cast(coalesce(flow_usd, 0) as decimal(28, 2)) as net_flow_usd,
        case when manager_type = 'index' then coalesce(s0, 0) else 0 end as index_prev_shares,
        case when manager_type = 'index' then coalesce(s1 - s0, 0) else 0 end as index_d_shares,
        case when manager_type = 'quant' then coalesce(s0, 0) else 0 end as quant_prev_shares,
        case when manager_type = 'quant' then coalesce(s1 - s0, 0) else 0 end as quant_d_shares,
        case when is_active then coalesce(s0, 0) else 0 end as active_prev_shares,
        case when is_active then coalesce(s1 - s0, 0) else 0 end as active_d_shares,
        cast(case when is_active then coalesce(flow_usd, 0) else 0 end as decimal(28, 2))
            as active_flow_usd,
        case when d_weight is not null then 1 else 0 end as n_active,
        cast(coalesce(d_weight, 0) as decimal(18, 6)) as d_weight_sum,
        case when manager_type = 'hedge' then s1 else 0 end as hedge_shares,
        case when manager_type = 'hedge' and s1 > 0 then 1 else 0 end as n_hedge_holders
    from positions
),

steps as (
    select
        cusip, period_end, session_date, closes_at,
        max(ticker) as ticker,
        max(issuer) as issuer,
        1 as n_told,
        sum(sign * n_holders) as n_holders,
        sum(sign * shares_held) as shares_held,
        sum(sign * squares) as squares,
        sum(sign * value_usd) as value_usd,
        sum(sign * put_shares) as put_shares,
        sum(sign * call_shares) as call_shares,
        sum(sign * n_compared) as n_compared,
        sum(sign * n_prev_holders) as n_prev_holders,
        sum(sign * n_new) as n_new,
        sum(sign * n_sold_out) as n_sold_out,
        sum(sign * prev_shares) as prev_shares,
        sum(sign * d_shares) as d_shares,
        sum(sign * net_flow_usd) as net_flow_usd,
        sum(sign * index_prev_shares) as index_prev_shares,
        sum(sign * index_d_shares) as index_d_shares,
        sum(sign * quant_prev_shares) as quant_prev_shares,
        sum(sign * quant_d_shares) as quant_d_shares,
        sum(sign * active_prev_shares) as active_prev_shares,
        sum(sign * active_d_shares) as active_d_shares,
        sum(sign * active_flow_usd) as active_flow_usd,
        sum(sign * n_active) as n_active,
        sum(sign * d_weight_sum) as d_weight_sum,
        sum(sign * hedge_shares) as hedge_shares,
        sum(sign * n_hedge_holders) as n_hedge_holders
    from parts
    group by cusip, period_end, session_date, closes_at
),

-- Every security has a row in the session from which the quarter's changes count.
stamped as (
    select *
    from steps
    union all
    select
        securities.cusip, securities.period_end, seasons.session_date,
        seasons.known_at as closes_at,
        null as ticker,
        null as issuer,
        0 as n_told,
        0 as n_holders,
        0 as shares_held,
        0 as squares,
        0 as value_usd,
        0 as put_shares,
        0 as call_shares,
        0 as n_compared,
        0 as n_prev_holders,
        0 as n_new,
        0 as n_sold_out,
        0 as prev_shares,
        0 as d_shares,
        0 as net_flow_usd,
        0 as index_prev_shares,
        0 as index_d_shares,
        0 as quant_prev_shares,
        0 as quant_d_shares,
        0 as active_prev_shares,
        0 as active_d_shares,
        0 as active_flow_usd,
        0 as n_active,
        0 as d_weight_sum,
        0 as hedge_shares,
        0 as n_hedge_holders
    from (select distinct cusip, period_end from steps) as securities
    inner join seasons
        on securities.period_end = seasons.period_end and seasons.is_first_settled
),

merged as (
    select
        *,
        row_number() over (
            partition by cusip, period_end, session_date order by n_told desc
        ) as nth
    from stamped
),

summed as (
    select
        cusip, period_end, session_date, closes_at,
        max(ticker) over so_far as ticker,
        max(issuer) over so_far as issuer,
        sum(n_told) over so_far as n_told,
        sum(n_holders) over so_far as n_holders,
        sum(shares_held) over so_far as shares_held,
        sum(squares) over so_far as squares,
        sum(value_usd) over so_far as value_usd,
        sum(put_shares) over so_far as put_shares,
        sum(call_shares) over so_far as call_shares,
        sum(n_compared) over so_far as n_compared,
        sum(n_prev_holders) over so_far as n_prev_holders,
        sum(n_new) over so_far as n_new,
        sum(n_sold_out) over so_far as n_sold_out,
        sum(prev_shares) over so_far as prev_shares,
        sum(d_shares) over so_far as d_shares,
        sum(net_flow_usd) over so_far as net_flow_usd,
        sum(index_prev_shares) over so_far as index_prev_shares,
        sum(index_d_shares) over so_far as index_d_shares,
        sum(quant_prev_shares) over so_far as quant_prev_shares,
        sum(quant_d_shares) over so_far as quant_d_shares,
        sum(active_prev_shares) over so_far as active_prev_shares,
        sum(active_d_shares) over so_far as active_d_shares,
        sum(active_flow_usd) over so_far as active_flow_usd,
        sum(n_active) over so_far as n_active,
        sum(d_weight_sum) over so_far as d_weight_sum,
        sum(hedge_shares) over so_far as hedge_shares,
        sum(n_hedge_holders) over so_far as n_hedge_holders
    from merged
    where nth = 1
    window so_far as (
        partition by cusip, period_end order by session_date
        rows between unbounded preceding and current row
    )
)

select
    summed.cusip,
    summed.ticker,
    summed.issuer,
    summed.period_end,
    summed.session_date,
    summed.closes_at as known_at,  -- the session's close; what is told later counts in the next
    cast(summed.n_holders as bigint) as n_holders,  -- managers that hold it
    summed.shares_held,  -- by all that have reported; no puts, no calls
    cast(summed.value_usd as double) as value_usd,  -- USD, of these shares
    summed.put_shares,  -- shares under reported puts
    summed.call_shares,  -- shares under reported calls
    round(
        cast(summed.squares as double)
        / nullif(cast(summed.shares_held as double) * cast(summed.shares_held as double), 0), 9
    ) as holder_hhi,  -- sum of the squares of each holder's part
    cast(summed.n_compared as bigint)
        as n_compared,  -- held it in either quarter, and reported both
    cast(summed.n_prev_holders as bigint) as n_prev_holders,  -- of them, a quarter before
    cast(summed.n_new as bigint) as n_new,  -- of them, hold it now and did not before
    cast(summed.n_sold_out as bigint) as n_sold_out,  -- of them, held it before and do no more
    summed.prev_shares,  -- a quarter before, of managers that reported both, splits apart
    summed.d_shares,  -- since then, of the same managers
    cast(summed.net_flow_usd as double) as net_flow_usd,  -- USD, at the mean of both ends' prices
    summed.index_prev_shares,  -- of managers like an index
    summed.index_d_shares,  -- of managers like an index
    summed.quant_prev_shares,  -- of managers of many positions that trade
    summed.quant_d_shares,  -- of managers of many positions that trade
    summed.active_prev_shares,  -- of active managers, hedge-type ones too
    summed.active_d_shares,  -- of active managers, hedge-type ones too
    cast(summed.active_flow_usd as double) as active_flow_usd,  -- USD, of active managers
    cast(summed.n_active as bigint) as n_active,  -- active managers that held it in either quarter
    cast(summed.d_weight_sum as double)
        as d_weight_sum,  -- their changes of weight, each in the manager's own usual size
    summed.hedge_shares,  -- held by hedge-type managers
    cast(summed.n_hedge_holders as bigint) as n_hedge_holders,  -- hedge-type managers that hold it
    seasons.coverage_frac,  -- of last quarter's value, that has reported; null after three months
    coalesce(seasons.is_settled, true) as is_settled,  -- false: preliminary, too few have reported
    coalesce(seasons.is_first_settled, false)
        as is_first_settled  -- the session from which the quarter's changes count
from summed
left join seasons
    on summed.period_end = seasons.period_end and summed.session_date = seasons.session_date
where
    summed.n_told > 0
    and summed.closes_at < (select clock.until from ops.clock as clock)
