-- rule:    E2
-- what:    Which way smart money leans in a stock, 0 to 100; 50 where nothing is known or happens.
-- grain:   one row per symbol and session, told five hours after the close, where
--          features.score_components has one; label is null where less than 0.3 of the weight is
--          there, agreement where no component leans any way
-- status:  live
-- needs:   0s
-- misses:  a component that is missing pulls to 50, as if it were neutral: coverage says how much

with params as (
    select
        0.3 as min_coverage,  -- below it no label, rule book E2
        5 as max_near,  -- points from 50: the founding table has no neutral band
        75 as min_strong,  -- founding table
        50 as min_moderate,  -- founding table
        25 as min_weak  -- founding table
),

pivoted as (
    select
        symbol, session_date, known_at,
        max(case when component = 'dp' then s end) as s_dp,
        max(case when component = 'inst' then s end) as s_inst,
        max(case when component = 'blocks' then s end) as s_blocks,
        max(case when component = 'unusual' then s end) as s_unusual,
        max(case when component = 'insider' then s end) as s_insider,
        max(case when component = 'dp' then weight end) as w_dp,
        max(case when component = 'inst' then weight end) as w_inst,
        max(case when component = 'blocks' then weight end) as w_blocks,
        max(case when component = 'unusual' then weight end) as w_unusual,
        max(case when component = 'insider' then weight end) as w_insider
    from features.score_components
    where weight is not null
    group by symbol, session_date, known_at
),

-- A part is in points of the index, so that the reader can add them up.
parted as (
    select
        *,
        round(50 * coalesce(w_dp * s_dp, 0), 9) as part_dp,
        round(50 * coalesce(w_inst * s_inst, 0), 9) as part_inst,
        round(50 * coalesce(w_blocks * s_blocks, 0), 9) as part_blocks,
        round(50 * coalesce(w_unusual * s_unusual, 0), 9) as part_unusual,
        round(50 * coalesce(w_insider * s_insider, 0), 9) as part_insider,
        round(
            case when s_dp is null then 0 else w_dp end
            + case when s_inst is null then 0 else w_inst end
            + case when s_blocks is null then 0 else w_blocks end
            + case when s_unusual is null then 0 else w_unusual end
            + case when s_insider is null then 0 else w_insider end, 9
        ) as coverage
    from pivoted
),

summed as (
    select
        *,
        part_dp + part_inst + part_blocks + part_unusual + part_insider as points,
        abs(part_dp) + abs(part_inst) + abs(part_blocks) + abs(part_unusual) + abs(part_insider)
            as all_points
    from parted
),

-- Known of the founding index are its weights (0.25, 0.35, 0.25, 0.15) over figures of 0 to 100,
-- its bands, and that all-neutral input gave 42.5: three figures are 50 then, and that of unusual
-- activity 0, since it has a size and no side. That a figure is 50 + 50 s, and unusual activity
-- 100 |s|, is our reading; it is not rounded, so what it says can be compared.
founding as (
    select
        *,
        round(50 + points, 9) as smart_money_index,
        round(
            0.25 * (50 + 50 * coalesce(s_dp, 0)) + 0.35 * (50 + 50 * coalesce(s_inst, 0))
            + 0.25 * (50 + 50 * coalesce(s_blocks, 0)) + 0.15 * 100 * abs(coalesce(s_unusual, 0)), 9
        ) as smart_money_index_legacy
    from summed
)

select
    founding.symbol as entity,  -- the ticker then valid
    founding.symbol,  -- the same
    founding.session_date,
    founding.known_at,
    founding.smart_money_index,  -- 50 and the parts, 0 to 100
    case
        when founding.coverage < params.min_coverage then null
        when founding.smart_money_index >= params.min_strong then 'strong_buying'
        when founding.smart_money_index >= params.min_moderate then 'moderate_bullish'
        when founding.smart_money_index >= params.min_weak then 'moderate_bearish'
        else 'strong_selling'
    end as label,  -- by the founding bands
    abs(founding.smart_money_index - 50) < params.max_near
        as is_near_neutral,  -- within 5 points of 50: read no side into the label
    founding.coverage,  -- weight of the components that are there, 0 to 1
    round(abs(founding.points) / nullif(founding.all_points, 0), 9)
        as agreement,  -- 1 where all lean one way, 0 where they cancel out
    founding.part_dp,  -- points, off exchange
    founding.part_inst,  -- points, managers
    founding.part_blocks,  -- points, blocks
    founding.part_unusual,  -- points, unusual options
    founding.part_insider,  -- points, insiders
    founding.s_dp,  -- signed strength, -1 to 1; null where missing
    founding.s_inst,  -- signed strength of managers
    founding.s_blocks,  -- signed strength of blocks
    founding.s_unusual,  -- signed strength of unusual options
    founding.s_insider,  -- signed strength of insiders
    founding.smart_money_index_legacy,  -- by the founding weights: 42.5 where all is neutral
    case
        when founding.smart_money_index_legacy >= params.min_strong then 'strong_buying'
        when founding.smart_money_index_legacy >= params.min_moderate then 'moderate_bullish'
        when founding.smart_money_index_legacy >= params.min_weak then 'moderate_bearish'
        else 'strong_selling'
    end as label_legacy  -- by the founding bands, whatever is missing
from founding
cross join params
