-- what:    What the tape says of who began a print: was the last other price lower or higher.
-- grain:   one row per print of whose option the price moved on the tape in the minute before it,
--          or with it
-- status:  live
-- needs:   2m

with params as (
    select interval 60 seconds as max_tick_age  -- an older price says nothing of this one
),

-- Of packages, crosses and late prints the price says nothing; they take no part in the tape.
tape as (
    select
        contract, venue, trade_id, known_at, sequence, price
    from curated.option_prints
    where opt_trade_class in ('regular', 'auction')
),

-- In the order of publication, so that a late report changes nothing that was said before it.
steps as (
    select
        *,
        lag(price) over in_order as previous_price,
        lag(known_at) over in_order as previous_at
    from tape
    window in_order as (partition by contract order by known_at, sequence, trade_id)
),

moves as (
    select
        steps.*,
        params.max_tick_age,
        steps.price <> steps.previous_price
        and steps.known_at <= steps.previous_at + params.max_tick_age as is_move
    from steps
    cross join params
),

ticks as (
    select
        *,
        last_value(case when is_move then price > previous_price end ignore nulls)
            over in_order as is_up,
        last_value(case when is_move then known_at end ignore nulls) over in_order as moved_at
    from moves
    window in_order as (
        partition by contract order by known_at, sequence, trade_id
        rows between unbounded preceding and current row
    )
)

select
    known_at,
    contract,
    venue,
    trade_id,
    case when is_up then 1 else -1 end as tick  -- 1 up, -1 down
from ticks
where known_at <= moved_at + max_tick_age
