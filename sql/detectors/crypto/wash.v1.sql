-- rule:     B10
-- what:     For two weeks the sizes of a pair's trades look made up, as those of wash trades do.
-- grain:    one row per pair and week that follows another one like it
-- status:   live
-- every:    1d
-- needs:    8d
-- misses:   who traded; pairs with fewer than 10,000 trades a week; made-up trades among as many
--           genuine ones; what the book would say: trades inside the spread, volume over depth
-- noisy:    where the venue has a narrow range of sizes, a large smallest lot or tiers of fees, and
--           where one market maker has standard sizes: compare venues on the same pair; where
--           only aggregates are told

with params as (
    select
        2 as min_failed,  -- rule book B10
        24 as max_gap_hours,  -- of a week; a guess
        0.06 as full_mad,  -- all digits alike; the largest magnitude
        interval 7 days as one_week  -- two weeks that follow one another, rule book B10
),

weeks as (
    select
        facts.*,
        params.min_failed, params.full_mad,
        facts.gap_hours <= params.max_gap_hours
        and lag(facts.gap_hours) over in_order <= params.max_gap_hours as is_whole,
        facts.week_at - lag(facts.week_at) over in_order = params.one_week as is_next,
        lag(facts.wash_score) over in_order as wash_score_before,
        lag(facts.benford_mad) over in_order as benford_mad_before
    from features.wash_weeks as facts
    cross join params
    window in_order as (partition by facts.venue, facts.pair order by facts.week_at)
),

fired as (
    select
        *,
        venue || ':' || pair as entity,
        least(wash_score, wash_score_before) as n_failed,
        greatest(
            case when fails_benford then least(1, benford_mad / full_mad) else 0 end,
            case when fails_repeat then repeat_frac else 0 end
        ) as magnitude
    from weeks
    where
        is_next
        and is_whole
        and wash_score >= min_failed
        and wash_score_before >= min_failed
)

select
    entity,
    'pair' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    'neutral' as direction,
    -- 20, 40 and 60 for two, three and four tests, and up to 19 for how far they are failed.
    round(cast(20 * (n_failed - 1) + 19 * magnitude as double), 6) as score,
    cast(case when gap_hours > 0 then 0.3 else 0.4 end as double) as confidence,
    cast(null as double) as notional_usd,
    entity || ': ' || n_failed || ' of 4 tests on sizes failed two weeks in a row, of '
    || n_trades || ' trades in the last' as headline,
    to_json(struct_pack(
        wash_score := wash_score, wash_score_before := wash_score_before, n_trades := n_trades,
        n_decades := n_decades, benford_chi_square := benford_chi_square,
        benford_mad := benford_mad, benford_mad_before := benford_mad_before,
        round_z := round_z, n_large := n_large, hill := hill, repeat_frac := repeat_frac,
        fails_benford := fails_benford, fails_round := fails_round, fails_tail := fails_tail,
        fails_repeat := fails_repeat, gap_hours := gap_hours, week_us := epoch_us(week_at)
    )) as evidence,
    concat_ws('|', 'crypto.wash', entity, cast(timezone('UTC', week_at) as date)) as alert_key
from fired
where known_at < (select clock.until from ops.clock as clock)
