-- rule:    A8
-- what:    Volatility of an underlying rose in a quarter of an hour far more than it does at that
--          time of day.
-- grain:   one row per underlying and quarter of an hour
-- status:  live
-- every:   15m
-- needs:   0s
-- misses:  underlyings whose chains are told less often than every quarter of an hour; the night
--          before the open; a rise that takes hours; whether the whole market rose
-- noisy:   when the news of a known moment comes on another day than usual; where a chain is told
--          in pieces, of which each quarter holds other strikes

with params as (
    select
        3.5 as min_jump_z,  -- the usual cut of outliers; rule book A8
        0.02 as min_move,  -- two points of volatility; rule book A8
        60 as full_history,  -- below it a z is a rough guess
        25_000 as min_vega_usd,  -- what the move was worth on what traded; rule book A8
        10 as critical_floors  -- a critical one is worth ten times the floor; rule book 0.5
),

jumps as (
    select
        facts.*,
        params.full_history, params.min_vega_usd, params.critical_floors,
        round(facts.iv30 - facts.previous_iv30, 9) as rise,
        round((facts.iv30 - facts.previous_iv30) * facts.vega_traded_usd, 2) as vega_usd,
        case  -- 40, 60, 80 and 100 at 3.5, 5, 7 and 14
            when facts.jump_z < 5 then 40 + (facts.jump_z - 3.5) * 40 / 3
            when facts.jump_z < 7 then 60 + (facts.jump_z - 5) * 10
            else least(100, 80 + (facts.jump_z - 7) * 20 / 7)
        end as z_score
    from features.iv_quarter_change as facts
    cross join params
    where
        facts.jump_z >= params.min_jump_z
        and round(facts.iv30 - facts.previous_iv30, 9) >= params.min_move
        -- Half of what lies between the volatilities of bid and ask is what it may be wrong by.
        and facts.iv30_error < (facts.iv30 - facts.previous_iv30) / 2
),

sure as (
    select
        *,
        0.4
        + case when n_changes >= full_history then 0.3 else 0 end
        + case when iv30_error < rise / 4 then 0.3 else 0 end as confidence
    from jumps
)

select
    underlying as entity,
    'underlying' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    cast(null as text) as direction,
    round(
        cast(
            least(
                z_score,
                case when d_iv > max_d_iv then 100 else 59 end,
                case
                    when vega_usd >= critical_floors * min_vega_usd and confidence >= 0.6 then 100
                    else 79
                end,
                case when n_changes >= full_history then 100 else 39 end,
                case when vega_usd >= min_vega_usd then 100 else 19 end
            ) as double
        ), 6
    ) as score,
    round(cast(confidence as double), 6) as confidence,
    vega_usd as notional_usd,
    underlying || ': 30-day volatility '
    || cast(round(100 * previous_iv30, 1) as decimal(9, 1)) || ' to '
    || cast(round(100 * iv30, 1) as decimal(9, 1)) || ' % in 15 minutes, z '
    || cast(round(jump_z, 1) as decimal(9, 1)) || ' for that time of day' as headline,
    to_json(struct_pack(
        session_date := session_date, nth := nth, iv30 := iv30, previous_iv30 := previous_iv30,
        rise := rise, iv30_error := iv30_error, d_iv := d_iv, middle := middle, mad := mad,
        max_d_iv := max_d_iv, jump_z := jump_z, n_changes := n_changes,
        short_history := n_changes < full_history, vega_traded_usd := vega_traded_usd
    )) as evidence,
    concat_ws('|', 'options.iv_jump_intraday', underlying, epoch_ms(known_at)) as alert_key
from sure
where known_at < (select clock.until from ops.clock as clock)
