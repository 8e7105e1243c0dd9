-- what:    What followed a detector's signals, losers and all: how returns lie.
-- grain:   one row per detector, version, horizon and slice: all, and by regime and time of day
-- status:  live
-- needs:   0s

with signals as (
    select
        *,
        case direction when 'bull' then 1 when 'bear' then -1 end as way
    from backtest.signals
),

told as (
    select
        *,
        way * return_frac as trade_return,
        way * excess_frac as trade_excess
    from signals
),

sliced as (
    select
        told.*,
        'all' as slice_kind,
        'all' as slice
    from told
    union all
    select
        told.*,
        'regime' as slice_kind,
        coalesce(regime, 'unknown') as slice
    from told
    union all
    select
        told.*,
        'time_of_day' as slice_kind,
        coalesce(time_of_day, 'unknown') as slice
    from told
)

select
    detector,  -- the id of the detector that is measured
    version,  -- its version
    horizon,  -- how long the returns are of
    slice_kind,  -- all, regime or time_of_day
    slice,  -- which one
    count(return_frac) as n_signals,  -- signals whose return is known
    case
        when count(return_frac) > 0
            then [
                round(quantile_cont(return_frac, 0.01), 9),
                round(quantile_cont(return_frac, 0.05), 9),
                round(quantile_cont(return_frac, 0.25), 9),
                round(quantile_cont(return_frac, 0.5), 9),
                round(quantile_cont(return_frac, 0.75), 9),
                round(quantile_cont(return_frac, 0.95), 9),
                round(quantile_cont(return_frac, 0.99), 9)
            ]
    end as return_quantiles,  -- 1, 5, 25, 50, 75, 95 and 99 % of the returns
    count(trade_return) as n_trades,  -- those that say bull or bear, as trades must
    cast(coalesce(sum(case when trade_return < 0 then 1 else 0 end), 0) as bigint)
        as n_losers,  -- trades that lose, before costs
    case
        when count(trade_return) > 0
            then [
                round(quantile_cont(trade_return, 0.01), 9),
                round(quantile_cont(trade_return, 0.05), 9),
                round(quantile_cont(trade_return, 0.25), 9),
                round(quantile_cont(trade_return, 0.5), 9),
                round(quantile_cont(trade_return, 0.75), 9),
                round(quantile_cont(trade_return, 0.95), 9),
                round(quantile_cont(trade_return, 0.99), 9)
            ]
    end as trade_quantiles,  -- the same of the trades' returns
    round(avg(trade_return), 9) as mean_return_frac,  -- of the trades, before costs
    round(avg(trade_excess), 9) as mean_excess_frac,  -- of the trades, over the market
    round(avg(trade_return - cost_frac), 9) as mean_net_frac  -- of the trades, after costs
from sliced
group by detector, version, horizon, slice_kind, slice
