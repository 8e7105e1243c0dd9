-- rule:    C4
-- what:    A stock's share of off-exchange volume is far above its own, on far more volume.
-- grain:   one row per symbol and session; of prints and totals the one with the longer history
-- status:  live
-- every:   5m
-- needs:   1d
-- misses:  who bought; a share that is unusual on ordinary volume; a session that is told later
--          than five hours after its close
-- noisy:   where the bar's volume is of few venues; on the days on which indices turn over

with params as (
    select
        3.5 as min_mz60,  -- rule book C4
        2 as min_volume_ratio,  -- rule book C4: over the mean of 20 sessions
        60 as full_baseline,  -- below it the usual spread is a rough guess, rule book 0.3
        1_000_000 as min_large_usd  -- a large print, rule book C6
),

told as (
    select
        facts.*,
        params.full_baseline, params.min_mz60, params.min_volume_ratio,
        case when facts.basis = 'prints' then 0.8 else 0.6 end
        * case when facts.n_obs >= params.full_baseline then 1 else 0.7 end as confidence,
        row_number() over (
            partition by facts.symbol, facts.session_date
            order by least(facts.n_obs, params.full_baseline) desc, facts.basis asc
        ) as nth
    from features.off_exchange_ratio as facts
    cross join params
),

chosen as (
    select *
    from told
    where nth = 1 and mz60 >= min_mz60 and volume_ratio20 >= min_volume_ratio
),

large as (
    select
        chosen.symbol, chosen.session_date,
        count(*) as n_large_prints
    from chosen
    cross join params
    inner join curated.equity_trades as prints
        on
            chosen.symbol = prints.symbol
            and chosen.session_date = prints.session_date
            and chosen.known_at > prints.known_at
            and coalesce(chosen.known_at <= prints.withdrawn_at, true)
    where
        prints.is_offex and prints.counts_volume
        and prints.value_usd >= params.min_large_usd
    group by chosen.symbol, chosen.session_date
),

scored as (
    select
        chosen.*,
        coalesce(large.n_large_prints, 0) as n_large_prints,
        case  -- with large prints 60 at 3.5, without them 40, and 20 more at 7
            when large.n_large_prints > 0 then 60 else 40
        end + 20 * least(1, (chosen.mz60 - 3.5) / 3.5) * 0.95 as score
    from chosen
    left join large
        on chosen.symbol = large.symbol and chosen.session_date = large.session_date
)

select
    symbol as entity,
    'underlying' as entity_type,
    closes_at as happened_at,
    known_at as fired_at,
    cast(null as text) as direction,
    round(cast(least(score, case when n_obs < full_baseline then 39 else 79 end) as double), 6)
        as score,
    round(cast(confidence as double), 6) as confidence,
    offex_value_usd as notional_usd,
    symbol || ': ' || cast(round(100 * offex_ratio) as bigint) || ' % of '
    || round(volume_ratio20, 1) || ' times its usual volume was off exchange, usually '
    || cast(round(100 * median60) as bigint) || ' %' as headline,
    to_json(struct_pack(
        session_date := session_date, basis := basis, offex_ratio := offex_ratio,
        offex_volume := offex_volume, volume := volume, volume_ratio20 := volume_ratio20,
        mz60 := mz60, median60 := median60, max60 := max60, ratio_pr := ratio_pr,
        ratio_label := ratio_label, legacy_label := legacy_label, ats_ratio := ats_ratio,
        non_ats_ratio := non_ats_ratio, week_date := week_date, n_obs := n_obs,
        short_history := n_obs < full_baseline, n_large_prints := n_large_prints,
        is_sub_dollar := is_sub_dollar
    )) as evidence,
    concat_ws('|', 'off_exchange.ratio', symbol, session_date) as alert_key
from scored
where known_at < (select clock.until from ops.clock as clock)
