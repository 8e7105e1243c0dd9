-- rule:    B4
-- what:    Several orders of one size are put up at several prices of a side at once.
-- grain:   one row per pair, side and size in a quarter of an hour: the first ladder
-- status:  live
-- every:   5s
-- needs:   16m
-- misses:  ladders that are built slowly, in growing sizes, or of two to four orders; those in the
--          snapshot; instruments whose name has no quote currency
-- noisy:   market makers, also the exchange's own, who quote equal sizes at many prices all day;
--          sizes that many choose, such as one coin

with params as (
    select
        250_000 as low_notional_usd,  -- as in features.ladders
        10 as full_ratio,  -- of it, at which the score ends; a guess
        900_000_000 as cool_down_us  -- 15 minutes, rule book 0.6
),

ladders as (
    select
        ladders.*,
        params.low_notional_usd, params.full_ratio,
        ladders.venue || ':' || ladders.pair as entity,
        case when ladders.book_side = 1 then 'bid' else 'ask' end as side_name,
        epoch_us(ladders.bar_at) // params.cool_down_us as bucket
    from features.ladders as ladders
    cross join params
),

firsts as (
    select *
    from ladders
    window
        in_order as (
            partition by venue, pair, book_side, order_size, bucket order by bar_at, epoch
        )
    qualify row_number() over in_order = 1
)

select
    entity,
    'pair' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    case when book_side = 1 then 'bull' else 'bear' end as direction,
    -- 20 to 39 from the floor to ten times as much: no more is known of what it is for.
    round(
        cast(
            least(
                39,
                20 + 19 * ln(notional_usd / low_notional_usd) / ln(cast(full_ratio as double))
            ) as double
        ), 6
    ) as score,
    cast(0.3 as double) as confidence,
    cast(notional_usd as double) as notional_usd,
    entity || ': ' || n_orders || ' orders of ' || cast(order_size as text) || ' at ' || n_prices
    || ' ' || side_name || ' prices from ' || cast(min_price as text) || ' to '
    || cast(max_price as text) || ', ' || cast(round(notional_usd) as bigint) || ' USD'
        as headline,
    to_json(struct_pack(
        book_side := book_side, order_size := order_size, n_orders := n_orders,
        n_prices := n_prices, notional_usd := notional_usd, min_price := min_price,
        max_price := max_price, min_dist_bps := min_dist_bps, max_dist_bps := max_dist_bps,
        is_ladder := true, epoch := epoch, began_us := epoch_us(bar_at),
        ended_us := epoch_us(known_at)
    )) as evidence,
    concat_ws(
        '|', 'crypto.ladder', entity, side_name || '_' || cast(order_size as text),
        epoch_ms(bar_at)
    ) as alert_key
from firsts
where known_at < (select clock.until from ops.clock as clock)
