-- rule:    B7
-- what:    Orders that come to one price and go from it untraded, five times or more in a second.
-- grain:   one row per pair and quarter of an hour: the first second of any price that had it
-- status:  live
-- every:   5s
-- needs:   16m
-- misses:  venues that show levels only, where what comes and goes between two messages is gone; a
--          second price, and worse ones, in the same quarter of an hour
-- noisy:   where a maker's program follows the price, as many do all day; when several makers
--          happen to come to one price

with params as (
    select
        5 as min_cycles,  -- rule book B7; one more than the frame of `steps`
        20 as full_cycles,  -- at which the score ends; a guess
        interval 1 second as longest,  -- rule book B7
        1_000 as max_life_ms,  -- of one that comes and goes in it
        900_000_000 as cool_down_us  -- 15 minutes, rule book 0.6
),

cycles as (
    select
        lives.*,
        params.min_cycles, params.full_cycles, params.longest,
        lives.venue || ':' || lives.pair as entity,
        epoch_us(lives.known_at) // params.cool_down_us as bucket
    from features.order_lives as lives
    cross join params
    where lives.life_ms <= params.max_life_ms and lives.exec_size = 0
),

steps as (
    select
        *,
        count(*) over last_five as n_last,
        min(added_at) over last_five as began_at,
        count(*) over a_second as n_cycles,
        sum(cast(size as decimal(28, 8))) over last_five as sum_size
    from cycles
    window
        last_five as (
            partition by venue, pair, epoch, book_side, price order by ended_at, sequence
            rows between 4 preceding and current row
        ),
        a_second as (
            partition by venue, pair, epoch, book_side, price order by ended_at
            range between interval 1 second preceding and current row
        )
),

firsts as (
    select *
    from steps
    where n_last >= min_cycles and ended_at - began_at <= longest
    window in_order as (partition by venue, pair, bucket order by known_at, ended_at, sequence)
    qualify row_number() over in_order = 1
)

select
    firsts.entity,
    'pair' as entity_type,
    firsts.ended_at as happened_at,
    firsts.known_at as fired_at,
    'neutral' as direction,
    round(  -- 20 to 39: low
        cast(
            20 + 19 * least(
                1, (firsts.n_cycles - firsts.min_cycles)
                / cast(nullif(firsts.full_cycles - firsts.min_cycles, 0) as double)
            ) as double
        ), 6
    ) as score,
    cast(0.5 as double) as confidence,
    case when dollars.coin is not null then firsts.notional end as notional_usd,
    firsts.entity || ': ' || firsts.n_cycles || ' '
    || case when firsts.book_side = 1 then 'bids' else 'asks' end || ' at '
    || cast(firsts.price as text) || ' went within a second, all untraded' as headline,
    to_json(struct_pack(
        book_side := firsts.book_side, price := firsts.price, n_cycles := firsts.n_cycles,
        last_order_id := firsts.order_id, last_size := firsts.size,
        sum_size := cast(firsts.sum_size as double), dist_bps := firsts.dist_bps,
        epoch := firsts.epoch, began_us := epoch_us(firsts.began_at),
        ended_us := epoch_us(firsts.ended_at)
    )) as evidence,
    concat_ws(
        '|', 'crypto.flicker', firsts.entity, firsts.order_id, epoch_ms(firsts.added_at)
    ) as alert_key
from firsts
left join curated.dollar_coins as dollars on split_part(firsts.pair, '-', 2) = dollars.coin
where firsts.known_at < (select clock.until from ops.clock as clock)
