-- what:     Tops of books whose updates or moments run back.
-- grain:    one row per message that came before one that it should follow
-- status:   live
-- every:    1h
-- severity: high
-- needs:    5m

with params as (
    select
        interval 1 second as max_back,  -- a venue's own clocks differ by less
        interval 1 minute as max_ahead  -- a recorder's clock may be behind
),

steps as (
    select
        *,
        lag(update_id) over in_order as before_id,
        lag(exchange_at) over in_order as before_at
    from raw.book_tops
    where not is_gone
    window in_order as (
        partition by source, venue, pair, epoch order by known_at, sequence, update_id
    )
)

select
    'book_tops' as dataset,
    steps.venue || ':' || steps.pair as entity,
    steps.known_at,
    case
        when steps.update_id < steps.before_id then 'its update_id runs back'
        when steps.exchange_at > steps.known_at + params.max_ahead
            then 'it was sent after it was received'
        else 'its exchange_at runs back'
    end as reason,
    to_json(struct_pack(
        source := steps.source, epoch := steps.epoch, update_id := steps.update_id,
        before_id := steps.before_id, exchange_us := epoch_us(steps.exchange_at),
        before_us := epoch_us(steps.before_at)
    )) as evidence
from steps
cross join params
where
    steps.update_id < steps.before_id
    or steps.exchange_at < steps.before_at - params.max_back
    or steps.exchange_at > steps.known_at + params.max_ahead
