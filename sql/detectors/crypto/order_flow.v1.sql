-- rule:    B6
-- what:    Far more comes to one side of a book's best prices than usual, or the price moves as
--          that does not explain.
-- grain:   one row per pair, kind and quarter of an hour: the first bar, and each that is worse by
--          a severity; kinds are flow of 1 s, flow of 10 s and unexplained_move of 10 s
-- status:  live
-- every:   5s
-- needs:   16m
-- misses:  pairs without an hour of bars in the day before, or where half of those are equal;
--          prices behind the best; what comes and goes between two messages; a second one like the
--          first in a quarter of an hour, of either side
-- noisy:   where an order at the best price is shown and taken away again; where a price seldom
--          moves, so that one tick is a large move; when much flow moves the price less than usual

with params as (
    select
        3.5 as low_mz,  -- rule book B6
        5 as medium_mz,  -- rule book B6
        7 as high_mz,  -- rule book B6
        14 as full_mz,  -- at which the score ends, twice the highest cut; a guess
        5 as min_residual_z,  -- rule book B6
        10 as full_residual_z,  -- at which the score ends, twice the cut; a guess
        43_200 as full_baseline_s,  -- half a day of bars; below it the tail is of a few hours
        60 as full_fit,  -- bars; below it a z is a rough guess, rule book 0.3
        900_000_000 as cool_down_us  -- 15 minutes, rule book 0.6
),

bars as (
    select
        flow.*,
        params.low_mz, params.medium_mz, params.high_mz, params.full_mz,
        params.min_residual_z, params.full_residual_z, params.full_baseline_s, params.full_fit,
        flow.venue || ':' || flow.pair as entity,
        epoch_us(flow.bar_at) // params.cool_down_us as bucket,
        flow.n_obs * flow.length_s as baseline_s
    from features.order_flow as flow
    cross join params
),

measured as (
    select
        *,
        'flow' as kind,
        mz as z,
        case
            when abs(mz) >= high_mz then 3
            when abs(mz) >= medium_mz then 2
            when abs(mz) >= low_mz then 1
        end as rank,
        case  -- 20, 40, 60 and 79 at the three cuts and twice the highest
            when abs(mz) < medium_mz
                then 20 + 20 * (abs(mz) - low_mz) / nullif(medium_mz - low_mz, 0)
            when abs(mz) < high_mz
                then 40 + 20 * (abs(mz) - medium_mz) / nullif(high_mz - medium_mz, 0)
            else least(79, 60 + 19 * (abs(mz) - high_mz) / nullif(full_mz - high_mz, 0))
        end as score,
        baseline_s < full_baseline_s as is_short
    from bars
    union all
    select
        *,
        'unexplained_move' as kind,
        residual_z as z,
        case when abs(residual_z) >= min_residual_z then 2 end as rank,
        least(  -- 40 to 59
            59,
            40 + 19 * (abs(residual_z) - min_residual_z)
            / nullif(full_residual_z - min_residual_z, 0)
        ) as score,
        n_fit < full_fit as is_short
    from bars
),

worse as (
    select
        *,
        max(rank) over before_it as rank_before
    from measured
    where rank is not null
    window
        before_it as (
            partition by venue, pair, kind, length_s, bucket order by bar_at
            rows between unbounded preceding and 1 preceding
        )
)

select
    entity,
    'pair' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    case when z > 0 then 'bull' else 'bear' end as direction,
    -- A move beside few others is low at most, rule book 0.3.
    round(
        cast(
            case when kind = 'unexplained_move' and is_short then least(score, 39) else score end
            as double
        ), 6
    ) as score,
    cast(case when is_short then 0.3 else 0.5 end as double) as confidence,
    cast(null as double) as notional_usd,
    case
        when kind = 'flow'
            then
                entity || ': ' || case when ofi > 0 then 'bids' else 'asks' end || ' gained '
                || cast(round(abs(ofi_norm), 1) as text) || ' times the depth of a best price in '
                || length_s || ' s, modified z ' || cast(round(abs(mz), 1) as text)
                || ' among the day before'
        else
            entity || ': moved by ' || cast(round(move_bps, 1) as text) || ' bps in ' || length_s
            || ' s, of which its flow explains ' || cast(round(explained_bps, 1) as text)
    end as headline,
    to_json(struct_pack(
        kind := kind, length_s := length_s, ofi := ofi, ofi_norm := ofi_norm,
        mean_depth := mean_depth, mz := mz, median_ofi := median_ofi, mad_ofi := mad_ofi,
        n_obs := n_obs, mid := mid, move_bps := move_bps, explained_bps := explained_bps,
        residual_z := residual_z, beta := beta, n_fit := n_fit, short_history := is_short,
        n_updates := n_updates, epoch := epoch, began_us := epoch_us(bar_at),
        ended_us := epoch_us(known_at)
    )) as evidence,
    concat_ws(
        '|', 'crypto.order_flow', entity, kind || '_' || length_s || 's', epoch_ms(bar_at)
    ) as alert_key
from worse
where
    coalesce(rank > rank_before, true)
    and known_at < (select clock.until from ops.clock as clock)
