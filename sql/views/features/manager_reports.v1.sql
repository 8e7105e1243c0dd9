-- rule:    D4, D5
-- what:    What each manager's report adds up to, how much it trades, and so what kind it is.
-- grain:   one row per manager, quarter and version, as in features.holder_positions; turnover and
--          all that rests on it are null without the quarter before
-- status:  live
-- misses:  a kind is told from one quarter's trades alone; trades inside the quarter

with params as (
    select
        10 as min_active_positions,  -- rule book D5
        200 as max_active_positions,  -- rule book D5; more is a model's or an index's doing
        0.2 as min_active_turnover,  -- a year, rule book D5
        1 as min_hedge_turnover,  -- a year; a book that is turned over once is a trader's; a guess
        4 as n_quarters  -- of a year
),

stocks as (
    select
        *,
        case when put_call is null and share_type = 'SH' then 1 else 0 end as is_stock,
        portfolio_frac - prev_portfolio_frac as d_frac
    from features.holder_positions
),

reports as (
    select
        cik, period_end, known_at,
        max(manager) as manager,
        max(withdrawn_at) as withdrawn_at,
        max(accession_no) as accession_no,
        max(previous_accession_no) as previous_accession_no,
        sum(case when is_stock = 1 and shares > 0 then 1 else 0 end) as n_positions,
        sum(case when is_stock = 1 and prev_shares > 0 then 1 else 0 end) as n_prev_positions,
        sum(cast(value_usd as decimal(28, 2))) as value_usd,
        sum(cast(prev_value_usd as decimal(28, 2))) as prev_value_usd,
        sum(cast(case when is_stock = 1 then value_usd end as decimal(28, 2))) as stock_usd,
        sum(cast(case when is_stock = 1 then prev_value_usd end as decimal(28, 2)))
            as prev_stock_usd,
        sum(cast(case when put_call = 'put' then value_usd else 0 end as decimal(28, 2)))
            as put_usd,
        sum(cast(case when put_call = 'call' then value_usd else 0 end as decimal(28, 2)))
            as call_usd,
        sum(
            cast(
                case when is_stock = 1 and trade_effect_usd > 0 then trade_effect_usd else 0 end
                as decimal(28, 2)
            )
        ) as bought_usd,
        sum(
            cast(
                case when is_stock = 1 and trade_effect_usd < 0 then -trade_effect_usd else 0 end
                as decimal(28, 2)
            )
        ) as sold_usd,
        max(case when is_stock = 1 then portfolio_frac end) as top_frac,
        sqrt(avg(case when is_stock = 1 then d_frac * d_frac end)) as d_frac_scale
    from stocks
    group by cik, period_end, known_at
),

measured as (
    select
        reports.*,
        params.min_active_positions, params.max_active_positions, params.min_active_turnover,
        params.min_hedge_turnover,
        case
            when reports.previous_accession_no is not null
                then
                    params.n_quarters
                    * cast(least(reports.bought_usd, reports.sold_usd) as double)
                    / nullif(cast(reports.stock_usd + reports.prev_stock_usd as double) / 2, 0)
        end as turnover
    from reports
    cross join params
)

select
    cik,
    manager,
    period_end,
    known_at,
    withdrawn_at,
    n_positions,  -- stocks held, without puts, calls and principal
    n_prev_positions,  -- stocks held a quarter before
    cast(value_usd as double) as value_usd,  -- USD, of all rows
    case when previous_accession_no is not null then cast(prev_value_usd as double) end
        as prev_value_usd,  -- USD, of all rows a quarter before
    cast(put_usd as double) as put_usd,  -- USD of shares under puts
    cast(call_usd as double) as call_usd,  -- USD of shares under calls
    cast(bought_usd as double) as bought_usd,  -- USD of stocks, at the mean of both ends' prices
    cast(sold_usd as double) as sold_usd,  -- USD of stocks, at the mean of both ends' prices
    round(turnover, 6) as turnover_frac,  -- a year: the lesser of bought and sold, of the mean
    round(top_frac, 9) as top_frac,  -- part of the largest stock
    round(d_frac_scale, 9) as d_frac_scale,  -- usual size of a position's change of weight
    case
        when turnover is null then null
        when n_positions > max_active_positions and turnover < min_active_turnover then 'index'
        when n_positions > max_active_positions then 'quant'
        when n_positions < min_active_positions or turnover <= min_active_turnover then null
        when turnover >= min_hedge_turnover then 'hedge'
        else 'active'
    end as manager_type,  -- index, quant, active or hedge; null where it is none of them
    coalesce(
        n_positions between min_active_positions and max_active_positions
        and turnover > min_active_turnover, false
    ) as is_active,  -- of 10 to 200 positions that are traded: active or hedge
    accession_no,
    previous_accession_no
from measured
