-- what:    Order-flow imbalance at the best prices of each book, in bars of 1 s and 10 s.
-- grain:   one row per venue, pair, length and bar of known_at in which a book's top followed
--          another one of its epoch; where an epoch ends in a bar, the bar is of the last one
-- status:  live
-- keep:    partials, rolling 1m
-- needs:   1m

with params as (
    select
        interval 1 minute as max_delay,  -- as in features.book_bars
        interval 1 minute as max_silence  -- ids prove that none is missing; but a view has a bound
),

tops as (
    select
        tops.*,
        params.max_silence,
        max(tops.update_id) over older_ones as last_update_id
    from curated.book_tops as tops
    cross join params
    where coalesce(tops.known_at <= tops.exchange_at + params.max_delay, true)
    window
        older_ones as (
            partition by tops.venue, tops.pair, tops.epoch
            order by tops.known_at, tops.update_id, tops.sequence
            rows between unbounded preceding and 1 preceding
        )
),

-- What is told again within the delay is older than the book, and no message of it.
quotes as (
    select
        *,
        cast(bid_size as decimal(28, 8)) as exact_bid_size,
        cast(ask_size as decimal(28, 8)) as exact_ask_size,
        (best_bid + best_ask) / 2 as mid
    from tops
    where coalesce(update_id > last_update_id, true)
),

steps as (
    select
        *,
        lag(best_bid) over in_order as prior_bid,
        lag(exact_bid_size) over in_order as prior_bid_size,
        lag(best_ask) over in_order as prior_ask,
        lag(exact_ask_size) over in_order as prior_ask_size,
        lag(mid) over in_order as prior_mid,
        struct_pack(at := known_at, epoch := epoch, id := update_id) as place
    from quotes
    window in_order as (partition by venue, pair, epoch order by known_at, update_id)
    qualify known_at - lag(known_at) over in_order <= max_silence
),

flows as (
    select
        venue, pair, epoch, known_at, place, mid,
        date_trunc('second', known_at) as second_at,
        case when best_bid >= prior_bid then exact_bid_size else 0 end
        - case when best_bid <= prior_bid then prior_bid_size else 0 end
        - case when best_ask <= prior_ask then exact_ask_size else 0 end
        + case when best_ask >= prior_ask then prior_ask_size else 0 end as flow,
        exact_bid_size + exact_ask_size as both_sizes,
        cast(round(mid - prior_mid, 12) as decimal(38, 12)) as mid_change
    from steps
),

seconds as (
    select
        venue, pair, epoch, second_at,
        date_trunc('minute', second_at) as minute_at,
        max(known_at) as known_at,
        max(place) as place,
        arg_max(mid, place) as mid,
        sum(flow) as flow,
        sum(both_sizes) as both_sizes,
        sum(mid_change) as mid_change,
        count(*) as n_updates
    from flows
    group by venue, pair, epoch, second_at
),

lengths as (
    select
        1 as length_s,
        interval 1 second as bar,
        1_000_000 as length_us
    union all
    select
        10 as length_s,
        interval 10 seconds as bar,
        10_000_000 as length_us
),

binned as (
    select
        seconds.*,
        lengths.length_s,
        seconds.minute_at
        + (epoch_us(seconds.second_at) - epoch_us(seconds.minute_at)) // lengths.length_us
        * lengths.bar as bar_at
    from seconds
    cross join lengths
),

bars as (
    select
        venue, pair, epoch, length_s, bar_at,
        max(known_at) as known_at,
        max(place) as place,
        arg_max(mid, place) as mid,
        sum(flow) as flow,
        sum(both_sizes) as both_sizes,
        sum(mid_change) as mid_change,
        sum(n_updates) as n_updates
    from binned
    group by venue, pair, epoch, length_s, bar_at
),

last_epochs as (
    select *
    from bars
    window
        newest_first as (partition by venue, pair, length_s, bar_at order by place desc)
    qualify row_number() over newest_first = 1
)

select
    last_epochs.venue,
    last_epochs.pair,
    last_epochs.length_s,  -- seconds that a bar lasts: 1 or 10
    last_epochs.bar_at,  -- the bar's begin
    cast(timezone('UTC', last_epochs.bar_at) as date) as known_date,  -- the UTC day of the bar
    last_epochs.known_at,  -- when the last message of it came
    cast(last_epochs.flow as double)
        as ofi,  -- base units: what came to the bid or left the ask, less the opposite
    round(
        cast(last_epochs.both_sizes as double) / (2 * last_epochs.n_updates), 9
    ) as mean_depth,  -- base units at one best price, mean of the bar's messages
    round(
        2 * last_epochs.n_updates * cast(last_epochs.flow as double)
        / nullif(cast(last_epochs.both_sizes as double), 0), 9
    ) as ofi_norm,  -- ofi over mean_depth
    cast(last_epochs.mid_change as double)
        as mid_change,  -- quote currency, over the same messages
    last_epochs.mid,  -- quote currency, at the end of the bar
    cast(last_epochs.n_updates as bigint) as n_updates,  -- messages with one before them
    last_epochs.epoch
from last_epochs
