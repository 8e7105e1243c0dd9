-- what:    Seconds in which order flow is unusual to one side on more than one venue.
-- grain:   one row per venue, pair and bar of 1 s that is confirmed by the same coin, against any
--          dollar, on another venue in the same second
-- status:  live
-- needs:   0s

with params as (
    select
        3.5 as min_mz  -- rule book B6: the lowest cut
),

unusual as (
    select
        flow.*,
        split_part(flow.pair, '-', 1) as base_coin,
        sign(flow.mz) as flow_sign
    from features.order_flow as flow
    cross join params
    inner join curated.dollar_coins as dollars on split_part(flow.pair, '-', 2) = dollars.coin
    where flow.length_s = 1 and abs(flow.mz) >= params.min_mz
),

-- Of the pairs and markets of a coin on a venue the one with the most unusual flow.
others as (
    select
        unusual.venue, unusual.pair, unusual.bar_at,
        other.venue as other_venue,
        max(struct_pack(abs_mz := abs(other.mz), pair := other.pair)) as best
    from unusual
    inner join unusual as other
        on
            unusual.base_coin = other.base_coin
            and unusual.bar_at = other.bar_at
            and unusual.flow_sign = other.flow_sign
            and unusual.venue <> other.venue
    group by unusual.venue, unusual.pair, unusual.bar_at, other.venue
),

confirmed as (
    select
        others.venue, others.pair, others.bar_at,
        count(*) + 1 as n_venues,
        max(others.best.abs_mz) as other_abs_mz,
        list_sort(list(others.other_venue || ':' || others.best.pair)) as confirmed_by
    from others
    group by others.venue, others.pair, others.bar_at
)

select
    unusual.venue,
    unusual.pair,
    unusual.bar_at,  -- the second's begin
    unusual.known_at,  -- its end
    unusual.ofi,  -- base units
    unusual.ofi_norm,  -- ofi over the mean depth of a best price
    unusual.mz,  -- modified z of ofi, as in features.order_flow
    confirmed.other_abs_mz,  -- the highest |mz| of the others
    least(abs(unusual.mz), confirmed.other_abs_mz)
        as both_abs_mz,  -- |mz| that this venue and another one reach
    confirmed.n_venues,  -- with this one
    confirmed.confirmed_by,  -- venue:pair, one a venue
    unusual.n_obs,  -- bars in the baseline
    unusual.mid,  -- quote currency, at its end
    unusual.move_bps,  -- change of the mid in it
    unusual.epoch
from unusual
inner join confirmed
    on
        unusual.venue = confirmed.venue
        and unusual.pair = confirmed.pair
        and unusual.bar_at = confirmed.bar_at
