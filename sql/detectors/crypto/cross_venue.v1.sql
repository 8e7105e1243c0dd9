-- rule:    B6
-- what:    Order flow is unusual to the same side on two venues within the same second.
-- grain:   one row per pair and quarter of an hour: the first confirmed second, and each that is
--          worse by a severity
-- status:  live
-- every:   5s
-- needs:   16m
-- misses:  what the other venue shows in the next second, also where that begins at once; pairs
--          that are not against a dollar; what crypto.order_flow misses; walls, whales, imbalances
-- noisy:   news that every venue trades on; a venue's spot and futures under two names, such as
--          binance and binance_usdm

with params as (
    select
        3.5 as low_mz,  -- rule book B6
        5 as medium_mz,  -- rule book B6
        7 as high_mz,  -- rule book B6
        14 as full_mz,  -- at which the score ends, as in crypto.order_flow; a guess
        43_200 as full_baseline_s,  -- half a day of bars; below it the tail is of a few hours
        900_000_000 as cool_down_us  -- 15 minutes, rule book 0.6
),

bars as (
    select
        flow.*,
        params.low_mz, params.medium_mz, params.high_mz, params.full_mz,
        flow.venue || ':' || flow.pair as entity,
        epoch_us(flow.bar_at) // params.cool_down_us as bucket,
        flow.n_obs < params.full_baseline_s as is_short,
        case
            when flow.both_abs_mz >= params.high_mz then 3
            when flow.both_abs_mz >= params.medium_mz then 2
            when flow.both_abs_mz >= params.low_mz then 1
        end as rank
    from features.cross_flow as flow
    cross join params
),

worse as (
    select
        *,
        max(rank) over before_it as rank_before
    from bars
    where rank is not null
    window
        before_it as (
            partition by venue, pair, bucket order by bar_at
            rows between unbounded preceding and 1 preceding
        )
)

select
    entity,
    'pair' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    case when mz > 0 then 'bull' else 'bear' end as direction,
    -- 20, 40, 60 and 79 at the three cuts and twice the highest, of what both reach.
    round(
        cast(
            case
                when both_abs_mz < medium_mz
                    then 20 + 20 * (both_abs_mz - low_mz) / nullif(medium_mz - low_mz, 0)
                when both_abs_mz < high_mz
                    then 40 + 20 * (both_abs_mz - medium_mz) / nullif(high_mz - medium_mz, 0)
                else
                    least(79, 60 + 19 * (both_abs_mz - high_mz) / nullif(full_mz - high_mz, 0))
            end as double
        ), 6
    ) as score,
    -- Surer than one venue alone.
    cast(case when is_short then 0.4 when n_venues > 2 then 0.8 else 0.7 end as double)
        as confidence,
    cast(null as double) as notional_usd,
    entity || ': ' || case when mz > 0 then 'bids' else 'asks' end
    || ' gained in one second here, modified z ' || cast(round(abs(mz), 1) as text) || ', and on '
    || array_to_string(confirmed_by, ', ') || ', '
    || cast(round(other_abs_mz, 1) as text) as headline,
    to_json(struct_pack(
        ofi := ofi, ofi_norm := ofi_norm, mz := mz, other_abs_mz := other_abs_mz,
        both_abs_mz := both_abs_mz, n_venues := n_venues, confirmed_by := confirmed_by,
        n_obs := n_obs, short_history := is_short, mid := mid, move_bps := move_bps, epoch := epoch,
        began_us := epoch_us(bar_at), ended_us := epoch_us(known_at)
    )) as evidence,
    concat_ws('|', 'crypto.cross_venue', entity, epoch_ms(bar_at)) as alert_key
from worse
where
    coalesce(rank > rank_before, true)
    and known_at < (select clock.until from ops.clock as clock)
