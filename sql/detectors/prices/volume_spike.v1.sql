-- rule:    C8
-- what:    A stock trades far more than it did by this time of day before.
-- grain:   one row per symbol and session: the first mark at which it is unusual
-- status:  live
-- every:   5m
-- needs:   8d
-- misses:  who bought; half sessions; a rise after the first mark that fires; between two marks;
--          stocks with a median below 10,000 shares; legacy spikes that are usual for the stock
-- noisy:   when an index is rebalanced, options expire, or on the news

with params as (
    select
        3.5 as min_mz60,  -- rule book C8
        2 as min_ratio20,  -- rule book C8
        10_000 as min_median60,  -- shares; thinner stocks have no scale; a guess
        5_000_000 as min_value_usd,  -- rule book C8: traded; less is information at most
        60 as full_baseline,  -- below it the usual spread is a rough guess, rule book 0.3
        0.6 as min_confidence  -- of a critical one, rule book 0.5
),

high as (
    select
        facts.*,
        params.min_value_usd, params.full_baseline, params.min_confidence,
        row_number() over (
            partition by facts.symbol, facts.session_date order by facts.mark
        ) as nth
    from features.equity_volume as facts
    cross join params
    where
        facts.mz60 >= params.min_mz60
        and facts.ratio20 >= params.min_ratio20
        and facts.median60 >= params.min_median60
),

scored as (
    select
        *,
        case
            when ratio20 >= 5 then 'extreme'
            when ratio20 >= 3 then 'high'
            else 'medium'
        end as severity_legacy,
        case when trend > 1.1 then 'rising' when trend < 0.9 then 'falling' else 'flat' end
            as trend_label,
        0.4 + 0.5 * least(n_obs, full_baseline) / full_baseline as confidence,
        case  -- 40, 60, 80 and 100 at a modified z of 3.5, 5, 7 and 12
            when mz60 < 5 then 40 + 20 * (mz60 - 3.5) / 1.5
            when mz60 < 7 then 60 + 10 * (mz60 - 5)
            else least(100, 80 + 4 * (mz60 - 7))
        end as score
    from high
    where nth = 1
)

select
    symbol as entity,
    'underlying' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    cast(null as text) as direction,
    round(
        cast(
            least(
                score,
                case when value_usd < min_value_usd then 19 else 100 end,
                case when n_obs < full_baseline then 39 else 100 end,
                case when volume <= max60 then 59 else 100 end,
                case
                    when value_usd < 10 * min_value_usd or confidence < min_confidence then 79
                    else 100
                end
            ) as double
        ), 6
    ) as score,
    round(cast(confidence as double), 6) as confidence,
    cast(value_usd as double) as notional_usd,
    symbol || ': ' || cast(round(ratio20, 1) as decimal(18, 1)) || ' times the usual volume'
    || case
        when mark = 13 then ' in the session'
        else ' in the first ' || 30 * mark || ' minutes'
    end as headline,
    to_json(struct_pack(
        session_date := session_date, mark := mark, volume := volume, value_usd := value_usd,
        ratio20 := ratio20, mean20 := mean20, mz60 := mz60, median60 := median60, max60 := max60,
        n_obs := n_obs, short_history := n_obs < full_baseline,
        severity_legacy := severity_legacy, trend := trend, trend_label := trend_label,
        until_us := epoch_us(known_at)
    )) as evidence,
    concat_ws('|', 'prices.volume_spike', symbol, session_date) as alert_key
from scored
where known_at < (select clock.until from ops.clock as clock)
