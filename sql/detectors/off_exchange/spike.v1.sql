-- rule:    C8
-- what:    Far more of a stock trades off exchange than it did in the sessions before.
-- grain:   one row per symbol and session; of prints and totals the one with the longer history
-- status:  live
-- every:   5m
-- needs:   0s
-- misses:  who bought; what is spread over days; a session that is told later than five hours
--          after its close; a split without a bar of the session
-- noisy:   at the founding rule's twice the mean, which one quiet session in ten reaches: a mention
--          at most; on the days on which indices and options turn over

with params as (
    select
        2 as min_ratio,  -- founding rule, and the calibrated one's
        3 as high_ratio,  -- founding rule: high
        2.5 as min_mz60,  -- rule book 0.5
        5_000_000 as min_value_usd,  -- rule book C8
        60 as full_baseline,  -- below it the usual spread is a rough guess, rule book 0.3
        0.6 as min_confidence  -- of a critical one, rule book 0.5
),

high as (
    select
        facts.*,
        params.min_ratio, params.high_ratio, params.min_mz60, params.min_value_usd,
        params.full_baseline, params.min_confidence,
        greatest(facts.volume_ratio30, coalesce(facts.value_ratio30, 0)) as ratio,
        case when facts.basis = 'prints' then 0.8 else 0.6 end
        * case when facts.n_obs >= params.full_baseline then 1 else 0.7 end as confidence,
        row_number() over (
            partition by facts.symbol, facts.session_date
            order by least(facts.n_obs, params.full_baseline) desc, facts.basis asc
        ) as nth
    from features.off_exchange_volume as facts
    cross join params
),

scored as (
    select
        *,
        case  -- 20, 40, 60, 80 and 100 at a modified z of 2.5, 3.5, 5, 7 and 12
            when volume_ratio30 < min_ratio or mz60 < min_mz60 or mz60 is null
                then least(19, 10 + 3 * (ratio - min_ratio))
            when mz60 < 3.5 then 20 + 20 * (mz60 - 2.5)
            when mz60 < 5 then 40 + 20 * (mz60 - 3.5) / 1.5
            when mz60 < 7 then 60 + 10 * (mz60 - 5)
            else least(100, 80 + 4 * (mz60 - 7))
        end as score
    from high
    where nth = 1 and ratio > min_ratio
)

select
    symbol as entity,
    'underlying' as entity_type,
    closes_at as happened_at,
    known_at as fired_at,
    cast(null as text) as direction,
    round(
        cast(
            least(
                score,
                case when coalesce(offex_value_usd < min_value_usd, true) then 19 else 100 end,
                case when n_obs < full_baseline then 39 else 100 end,
                case when coalesce(offex_volume <= max60, true) then 59 else 100 end,
                case
                    when offex_value_usd < 10 * min_value_usd or confidence < min_confidence
                        then 79
                    else 100
                end
            ) as double
        ), 6
    ) as score,
    round(cast(confidence as double), 6) as confidence,
    offex_value_usd as notional_usd,
    symbol || ': ' || cast(round(offex_volume) as bigint) || ' shares off exchange, '
    || round(volume_ratio30, 1) || ' times their mean of 30 sessions' as headline,
    to_json(struct_pack(
        session_date := session_date, basis := basis, offex_volume := offex_volume,
        offex_value_usd := offex_value_usd, mean30 := mean30, volume_ratio30 := volume_ratio30,
        value_ratio30 := value_ratio30, mz60 := mz60, median60 := median60, max60 := max60,
        n_obs := n_obs, short_history := n_obs < full_baseline, trend := trend,
        legacy_label := case when ratio > high_ratio then 'high' else 'medium' end
    )) as evidence,
    concat_ws('|', 'off_exchange.spike', symbol, session_date) as alert_key
from scored
where known_at < (select clock.until from ops.clock as clock)
