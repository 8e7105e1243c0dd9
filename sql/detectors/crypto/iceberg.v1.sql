-- rule:    B8
-- what:    A price where the same size comes back each time within 500 ms after it was traded.
-- grain:   one row per pair, side, price and quarter of an hour, and rung: 3, 6 and 10 in a row
-- status:  live
-- every:   5s
-- needs:   26m
-- misses:  orders that are hidden altogether; sizes that differ by over 10 % from one to the next;
--          a slice that stands for over ten minutes; on books of levels, what comes back within
--          one message, and a level that others share
-- noisy:   when makers quote the same round size at one price one after another; on books of
--          levels more so, where who comes back can't be told

with params as (
    select
        3 as low_refills,  -- rule book B8
        6 as medium_refills,  -- rule book B8
        10 as high_refills,  -- rule book B8
        20 as full_refills,  -- at which the score ends; a guess
        1_000_000 as high_usd,  -- rule book B8
        0.4 as bin_width,  -- of ln size: in one of two rows of bins lies what differs by 10 %
        0.000000001 as dust,  -- against sums of doubles
        interval 10 minutes as max_gap,  -- between two of a row; a guess; `needs` covers it
        900_000_000 as cool_down_us  -- 15 minutes, rule book 0.6
),

halves as (
    select 0 as half
    union all
    select 0.5 as half
),

refills as (
    select
        refills.*,
        params.max_gap, params.dust,
        halves.half,
        coalesce(refills.order_id, 0) as order_key,
        coalesce(refills.filled_order_id, 0) as filled_key,
        cast(floor(ln(refills.shown_size) / params.bin_width + halves.half) as bigint) as bin,
        epoch_us(refills.known_at) // params.cool_down_us as bucket
    from features.book_refills as refills
    cross join params
    cross join halves
),

steps as (
    select
        *,
        coalesce(
            lag(order_key) over in_order <> filled_key
            or received_at - lag(received_at) over in_order > max_gap,
            true
        ) as is_first
    from refills
    window
        in_order as (
            partition by venue, pair, epoch, book_side, price, half, bin
            order by received_at, update_id, sequence
        )
),

begun as (
    select
        *,
        sum(case when is_first then 1 else 0 end) over in_order as row_no
    from steps
    window
        in_order as (
            partition by venue, pair, epoch, book_side, price, half, bin
            order by received_at, update_id, sequence
        )
),

rows_so_far as (
    select
        *,
        count(*) over ten_minutes as n_refills,
        sum(cast(exec_size as decimal(28, 8))) over ten_minutes as sum_exec,
        max(shown_size) over ten_minutes as max_shown,
        min(received_at) over ten_minutes as began_at
    from begun
    window
        ten_minutes as (
            partition by venue, pair, epoch, book_side, price, half, bin, row_no
            order by received_at
            range between interval 10 minutes preceding and current row
        )
),

longest as (
    select *
    from rows_so_far
    window
        best_first as (
            partition by venue, pair, epoch, book_side, price, received_at, update_id, sequence
            order by n_refills desc, half asc
        )
    qualify row_number() over best_first = 1
),

measured as (
    select
        longest.*,
        round(cast(longest.sum_exec as double) / longest.max_shown, 9) as ratio,
        round(longest.price * cast(longest.sum_exec as double), 6) as traded,
        longest.venue || ':' || longest.pair as entity,
        dollars.coin is not null as is_in_usd
    from longest
    left join curated.dollar_coins as dollars
        on split_part(longest.pair, '-', 2) = dollars.coin
),

-- Of a level the traded size counts as well, for its parts have no names.
counted as (
    select
        *,
        case when order_id is null then least(n_refills, floor(ratio + dust)) else n_refills end
            as n_counted
    from measured
),

ranked as (
    select
        counted.*,
        params.low_refills, params.medium_refills, params.high_refills, params.full_refills,
        case
            when
                counted.n_counted >= params.high_refills
                and counted.is_in_usd and counted.traded >= params.high_usd
                then 3
            when counted.n_counted >= params.medium_refills then 2
            when counted.n_counted >= params.low_refills then 1
        end as rank
    from counted
    cross join params
),

worse as (
    select
        *,
        max(rank) over before_it as rank_before
    from ranked
    where rank is not null
    window
        before_it as (
            partition by venue, pair, book_side, price, bucket
            order by known_at, update_id, sequence
            rows between unbounded preceding and 1 preceding
        )
)

select
    entity,
    'pair' as entity_type,
    received_at as happened_at,
    known_at as fired_at,
    case when book_side = 1 then 'bull' else 'bear' end as direction,
    round(
        cast(  -- 20 to 39, 40 to 59, 60 to 79
            case rank
                when 1
                    then
                        20 + 19 * (n_counted - low_refills)
                        / cast(nullif(medium_refills - low_refills, 0) as double)
                when 2
                    then
                        40 + 19 * least(
                            1, (n_counted - medium_refills)
                            / cast(nullif(full_refills - medium_refills, 0) as double)
                        )
                else
                    60 + 19 * least(
                        1, (n_counted - high_refills)
                        / cast(nullif(full_refills - high_refills, 0) as double)
                    )
            end as double
        ), 6
    ) as score,
    cast(case when order_id is null then 0.3 else 0.6 end as double) as confidence,
    case when is_in_usd then traded end as notional_usd,
    entity || ': ' || case when book_side = 1 then 'bid' else 'ask' end || ' of '
    || cast(shown_size as text) || ' at ' || cast(price as text) || ' came back '
    || n_refills || ' times after it was traded, ' || cast(round(ratio, 1) as text)
    || ' times what was shown' as headline,
    to_json(struct_pack(
        book_side := book_side, price := price, n_refills := n_refills, ratio := ratio,
        shown_size := shown_size, sum_exec := cast(sum_exec as double), delay_ms := delay_ms,
        is_level := order_id is null, last_order_id := order_id, epoch := epoch,
        update_id := update_id, began_us := epoch_us(began_at),
        ended_us := epoch_us(received_at)
    )) as evidence,
    concat_ws(
        '|', 'crypto.iceberg', entity, book_side, cast(price as text), epoch_us(received_at),
        case rank when 1 then '3' when 2 then '6' else '10' end
    ) as alert_key
from worse
where
    coalesce(rank > rank_before, true)
    and known_at < (select clock.until from ops.clock as clock)
