-- what:    How many bars of each day move, label by label: what signals are held against.
-- grain:   one row per horizon, label, regime and day of the bars that end in the span; one whose
--          horizon ends after the span does not count
-- status:  live
-- needs:   0s

with counted as (
    select
        moves.bar, moves.horizon, moves.regime, moves.session_date,
        min(moves.bar_at) as begins_at,
        max(moves.known_at) as known_at,
        count(moves.is_sigma_2) as n_sigma_2,
        sum(case when moves.is_sigma_2 then 1 else 0 end) as n_sigma_2_moves,
        count(moves.is_sigma_3) as n_sigma_3,
        sum(case when moves.is_sigma_3 then 1 else 0 end) as n_sigma_3_moves,
        count(moves.is_percentile_95) as n_percentile_95,
        sum(case when moves.is_percentile_95 then 1 else 0 end) as n_percentile_95_moves,
        count(moves.is_percentile_99) as n_percentile_99,
        sum(case when moves.is_percentile_99 then 1 else 0 end) as n_percentile_99_moves,
        count(moves.is_donoho_rise) as n_donoho_rise,
        sum(case when moves.is_donoho_rise then 1 else 0 end) as n_donoho_rise_moves
    from backtest.moves as moves
    where
        moves.bar_at > (select clock.since from ops.clock as clock)
        and moves.known_at < (select clock.until from ops.clock as clock)
    group by moves.bar, moves.horizon, moves.regime, moves.session_date
),

labelled as (
    select
        'sigma_2' as label,
        *,
        n_sigma_2 as n_bars,
        n_sigma_2_moves as n_moves
    from counted
    union all
    select
        'sigma_3' as label,
        *,
        n_sigma_3 as n_bars,
        n_sigma_3_moves as n_moves
    from counted
    union all
    select
        'percentile_95' as label,
        *,
        n_percentile_95 as n_bars,
        n_percentile_95_moves as n_moves
    from counted
    union all
    select
        'percentile_99' as label,
        *,
        n_percentile_99 as n_bars,
        n_percentile_99_moves as n_moves
    from counted
    union all
    select
        'donoho_rise' as label,
        *,
        n_donoho_rise as n_bars,
        n_donoho_rise_moves as n_moves
    from counted
)

select
    label,  -- which moves count, as in backtest.moves
    horizon,  -- how long a move may take
    bar,  -- session or 5m: how long is between two prices
    regime,  -- of the entity at the bar; null where nobody says
    session_date,  -- the day of the bars
    n_bars,  -- bars of all entities that have this label, true or false
    cast(n_moves as bigint) as n_moves,  -- those of them where it is true
    begins_at,  -- when the first of the day's bars ends, from which the moves are
    known_at  -- when the last of its horizons had ended
from labelled
where n_bars > 0
