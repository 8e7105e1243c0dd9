-- rule:    F2
-- what:    How far the labels by volatility and by percentile call the same moves significant.
-- grain:   one row per kind of entity, horizon and regime, of moves that have both labels; kappa is
--          null where chance alone would agree
-- status:  live
-- needs:   0s

with moves as (
    select
        kind, horizon, n_bars, known_at,
        coalesce(regime, 'unknown') as regime,
        case when is_sigma_2 then 1 else 0 end as sigma,
        case when is_percentile_95 then 1 else 0 end as percentile
    from backtest.moves
    where
        priced_at >= (select clock.since from ops.clock as clock)
        and is_sigma_2 is not null
        and is_percentile_95 is not null
),

counted as (
    select
        kind, horizon, n_bars, regime,
        max(known_at) as known_at,
        count(*) as n,
        sum(sigma) as n_sigma,
        sum(percentile) as n_percentile,
        sum(sigma * percentile) as n_both
    from moves
    group by kind, horizon, n_bars, regime
),

together as (
    select * from counted
    union all
    select
        kind, horizon, n_bars,
        'all' as regime,
        max(known_at) as known_at,
        sum(n) as n,
        sum(n_sigma) as n_sigma,
        sum(n_percentile) as n_percentile,
        sum(n_both) as n_both
    from counted
    group by kind, horizon, n_bars
),

shares as (
    select
        *,
        cast(n - n_sigma - n_percentile + 2 * n_both as double) / n as agreed,
        (
            cast(n_sigma as double) * n_percentile
            + cast(n - n_sigma as double) * (n - n_percentile)
        ) / (cast(n as double) * n) as by_chance
    from together
)

select
    kind,  -- stock, spot (of option chains) or pair
    horizon,  -- as in backtest.horizons
    regime,  -- all, calm, normal, stressed, or unknown where history is short
    cast(n as bigint) as n,  -- moves that have both labels
    cast(n_sigma as bigint) as n_sigma_2,  -- that are twice the usual volatility
    cast(n_percentile as bigint) as n_percentile_95,  -- that are among the largest 5 percent
    cast(n_both as bigint) as n_both,  -- that are both
    round(agreed, 9) as agreed_frac,  -- of n, alike by both
    round((agreed - by_chance) / nullif(1 - by_chance, 0), 9)
        as kappa,  -- Cohen's: 1 where they agree always, 0 where as often as by chance
    known_at,  -- of the newest
    n_bars  -- of the horizon
from shares
