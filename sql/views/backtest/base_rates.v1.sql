-- rule:    F2
-- what:    How often each significant move happens anyway, which every precision is held against.
-- grain:   one row per kind of entity, horizon, label and regime, and one of all regimes together;
--          moves that have no label are in none
-- status:  live
-- needs:   0s

with moves as (
    select
        kind, horizon, n_bars, regime, known_at, is_sigma_2, is_sigma_3, is_percentile_95,
        is_percentile_99, is_donoho_rise
    from backtest.moves
    where priced_at >= (select clock.since from ops.clock as clock)
),

labelled as (
    select
        kind, horizon, n_bars, regime, known_at,
        'sigma_2' as label,
        is_sigma_2 as is_move
    from moves
    union all
    select
        kind, horizon, n_bars, regime, known_at,
        'sigma_3' as label,
        is_sigma_3 as is_move
    from moves
    union all
    select
        kind, horizon, n_bars, regime, known_at,
        'percentile_95' as label,
        is_percentile_95 as is_move
    from moves
    union all
    select
        kind, horizon, n_bars, regime, known_at,
        'percentile_99' as label,
        is_percentile_99 as is_move
    from moves
    union all
    select
        kind, horizon, n_bars, regime, known_at,
        'donoho_rise' as label,
        is_donoho_rise as is_move
    from moves
),

counted as (
    select
        kind, horizon, n_bars, label,
        coalesce(regime, 'unknown') as regime,
        count(*) as n,
        sum(case when is_move then 1 else 0 end) as n_moves,
        max(known_at) as known_at
    from labelled
    where is_move is not null
    group by kind, horizon, n_bars, label, regime
),

together as (
    select * from counted
    union all
    select
        kind, horizon, n_bars, label,
        'all' as regime,
        sum(n) as n,
        sum(n_moves) as n_moves,
        max(known_at) as known_at
    from counted
    group by kind, horizon, n_bars, label
)

select
    kind,  -- stock, spot (of option chains) or pair
    horizon,  -- as in backtest.horizons
    label,  -- sigma_2, sigma_3, percentile_95, percentile_99 or donoho_rise
    regime,  -- all, calm, normal, stressed, or unknown where history is short
    cast(n as bigint) as n,  -- moves that have the label, true or false
    cast(n_moves as bigint) as n_moves,  -- those that are significant
    round(cast(n_moves as double) / n, 9) as base_rate,  -- n_moves of n
    known_at,  -- of the newest
    n_bars  -- of the horizon
from together
