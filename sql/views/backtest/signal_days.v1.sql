-- what:    How many signals of a detector stand on each day, and how many of them hit.
-- grain:   one row per detector, version, label, horizon, regime, time of day and day with a signal
--          at a bar that has the label
-- status:  live
-- needs:   0s

with counted as (
    select
        detector, version, horizon, bar, regime, time_of_day, session_date,
        sum(n_alerts) as n_alerts,
        median(epoch(bar_at - fired_at)) as median_delay_s,
        count(is_sigma_2) as n_sigma_2,
        sum(case when is_sigma_2 then 1 else 0 end) as n_sigma_2_hits,
        sum(case when is_top and is_sigma_2 is not null then 1 else 0 end) as n_sigma_2_top,
        sum(case when is_top and is_sigma_2 then 1 else 0 end) as n_sigma_2_top_hits,
        count(is_sigma_3) as n_sigma_3,
        sum(case when is_sigma_3 then 1 else 0 end) as n_sigma_3_hits,
        sum(case when is_top and is_sigma_3 is not null then 1 else 0 end) as n_sigma_3_top,
        sum(case when is_top and is_sigma_3 then 1 else 0 end) as n_sigma_3_top_hits,
        count(is_percentile_95) as n_percentile_95,
        sum(case when is_percentile_95 then 1 else 0 end) as n_percentile_95_hits,
        sum(case when is_top and is_percentile_95 is not null then 1 else 0 end)
            as n_percentile_95_top,
        sum(case when is_top and is_percentile_95 then 1 else 0 end) as n_percentile_95_top_hits,
        count(is_percentile_99) as n_percentile_99,
        sum(case when is_percentile_99 then 1 else 0 end) as n_percentile_99_hits,
        sum(case when is_top and is_percentile_99 is not null then 1 else 0 end)
            as n_percentile_99_top,
        sum(case when is_top and is_percentile_99 then 1 else 0 end) as n_percentile_99_top_hits,
        count(is_donoho_rise) as n_donoho_rise,
        sum(case when is_donoho_rise then 1 else 0 end) as n_donoho_rise_hits,
        sum(case when is_top and is_donoho_rise is not null then 1 else 0 end)
            as n_donoho_rise_top,
        sum(case when is_top and is_donoho_rise then 1 else 0 end) as n_donoho_rise_top_hits
    from backtest.signals
    group by detector, version, horizon, bar, regime, time_of_day, session_date
),

labelled as (
    select
        'sigma_2' as label,
        *,
        n_sigma_2 as n_signals,
        n_sigma_2_hits as n_hits,
        n_sigma_2_top as n_top,
        n_sigma_2_top_hits as n_top_hits
    from counted
    union all
    select
        'sigma_3' as label,
        *,
        n_sigma_3 as n_signals,
        n_sigma_3_hits as n_hits,
        n_sigma_3_top as n_top,
        n_sigma_3_top_hits as n_top_hits
    from counted
    union all
    select
        'percentile_95' as label,
        *,
        n_percentile_95 as n_signals,
        n_percentile_95_hits as n_hits,
        n_percentile_95_top as n_top,
        n_percentile_95_top_hits as n_top_hits
    from counted
    union all
    select
        'percentile_99' as label,
        *,
        n_percentile_99 as n_signals,
        n_percentile_99_hits as n_hits,
        n_percentile_99_top as n_top,
        n_percentile_99_top_hits as n_top_hits
    from counted
    union all
    select
        'donoho_rise' as label,
        *,
        n_donoho_rise as n_signals,
        n_donoho_rise_hits as n_hits,
        n_donoho_rise_top as n_top,
        n_donoho_rise_top_hits as n_top_hits
    from counted
)

select
    detector,  -- the id of the detector that is measured
    version,  -- its version
    label,  -- which moves count, as in backtest.moves
    horizon,  -- how long a move may take
    bar,  -- session or 5m
    regime,  -- of the entity; null where nobody says
    time_of_day,  -- of the alert
    session_date,  -- the day of the bars
    cast(n_alerts as bigint) as n_alerts,  -- alerts at these bars
    n_signals,  -- bars with an alert that have this label, true or false
    cast(n_hits as bigint) as n_hits,  -- those of them where it is true
    cast(n_top as bigint) as n_top,  -- signals among the strongest of their day
    cast(n_top_hits as bigint) as n_top_hits,  -- hits among these
    median_delay_s  -- seconds from the alert to the bar's end, half took less
from labelled
where n_signals > 0
