-- rule:    E3
-- what:    Whether managers and insiders build a position in a stock or reduce it, -100 to 100.
-- grain:   one row per symbol and session, told five hours after the close, where
--          features.score_components has one; a component that is missing is 0
-- status:  live
-- needs:   0s
-- misses:  what managers did since their quarter's end: their part halves in 45 days

with params as (
    select
        0.6 as inst_weight,  -- the founding label formula's
        0.2 as insider_weight,  -- the founding label formula's
        0.2 as dp_weight,  -- the founding label formula's
        45 as halflife_days,  -- of what managers reported, rule book E3
        50 as strong,  -- over it, founding table
        20 as moderate,  -- over it, founding table
        0.5 as strong_s,  -- a guess: where a founding label would have been a strong one
        -25 as neutral_legacy  -- what the founding score was known to say of neutral input
),

pivoted as (
    select
        symbol, session_date, known_at,
        max(case when component = 'inst' then s end) as s_inst,
        max(case when component = 'inst' then age_days end) as age_days,
        max(case when component = 'insider' then s end) as s_insider,
        max(case when component = 'dp' then s end) as s_dp
    from features.score_components
    where component in ('inst', 'insider', 'dp')
    group by symbol, session_date, known_at
),

parted as (
    select
        pivoted.*,
        params.*,
        power(2, -pivoted.age_days / params.halflife_days) as f_inst
    from pivoted
    cross join params
),

summed as (
    select
        *,
        round(cast(100 * inst_weight as double) * coalesce(f_inst * s_inst, 0), 9) as part_inst,
        round(cast(100 * insider_weight as double) * coalesce(s_insider, 0), 9) as part_insider,
        round(cast(100 * dp_weight as double) * coalesce(s_dp, 0), 9) as part_dp
    from parted
),

-- Known of the founding score are its weights over labels (0.6, 0.2, 0.2), its bands, and that
-- all-neutral input gave -25. That a label is worth 100 if it is strong and 50 if not, that s tells
-- which it is, and that each neutral or missing one is -25, is our reading.
labelled as (
    select
        *,
        round(part_inst + part_insider + part_dp, 9) as accumulation,
        case
            when s_inst is null or s_inst = 0 then neutral_legacy
            else sign(s_inst) * case when abs(s_inst) >= strong_s then 100 else 50 end
        end as inst_legacy,
        case
            when s_insider is null or s_insider = 0 then neutral_legacy
            else sign(s_insider) * case when abs(s_insider) >= strong_s then 100 else 50 end
        end as insider_legacy,
        case
            when s_dp is null or s_dp = 0 then neutral_legacy
            else sign(s_dp) * case when abs(s_dp) >= strong_s then 100 else 50 end
        end as dp_legacy
    from summed
),

founding as (
    select
        *,
        round(
            cast(
                inst_weight * inst_legacy + insider_weight * insider_legacy + dp_weight * dp_legacy
                as double
            ), 9
        ) as accumulation_legacy
    from labelled
)

select
    symbol as entity,  -- the ticker then valid
    symbol,  -- the same
    session_date,
    known_at,
    accumulation,  -- the sum of the parts, -100 to 100
    case
        when accumulation > strong then 'strong_accumulation'
        when accumulation > moderate then 'moderate_accumulation'
        when accumulation >= -moderate then 'neutral'
        when accumulation >= -strong then 'moderate_distribution'
        else 'strong_distribution'
    end as label,  -- by the founding bands: 50 is moderate still, and 20 neutral
    part_inst,  -- points, managers
    part_insider,  -- points, insiders
    part_dp,  -- points, off exchange
    case when s_inst is not null then round(f_inst, 9) end
        as f_inst,  -- what the managers' word is still worth, 0 to 1; null where it is missing
    accumulation_legacy,  -- by the founding weights over labels: -25 where all is neutral
    case
        when accumulation_legacy > strong then 'strong_accumulation'
        when accumulation_legacy > moderate then 'moderate_accumulation'
        when accumulation_legacy >= -moderate then 'neutral'
        when accumulation_legacy >= -strong then 'moderate_distribution'
        else 'strong_distribution'
    end as label_legacy  -- by the founding bands
from founding
