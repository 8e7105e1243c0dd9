-- what:     Stretches in which a book that was in sync said nothing, and no gap was told.
-- grain:    one row per stretch, told with the message after it
-- status:   live
-- every:    1h
-- severity: high
-- needs:    1h

with params as (
    select
        interval 30 seconds as min_silence,  -- a quiet book speaks more often than that
        30 as min_factor,  -- times its usual pause
        50 as min_messages  -- else its usual pause is not known
),

steps as (
    select
        venue, pair, epoch, source, known_at, update_id,
        lag(known_at) over in_order as before_at
    from raw.book_tops
    where not is_gone
    window in_order as (
        partition by source, venue, pair, epoch order by known_at, sequence, update_id
    )
),

pauses as (
    select
        source, venue, pair, epoch,
        count(*) as n_messages,
        median(epoch_us(known_at) - epoch_us(before_at)) as usual_us
    from steps
    where before_at is not null
    group by source, venue, pair, epoch
),

silent as (
    select
        steps.*, pauses.usual_us,
        epoch_us(steps.known_at) - epoch_us(steps.before_at) as silent_us
    from steps
    cross join params
    inner join pauses
        on
            steps.source = pauses.source
            and steps.venue = pauses.venue
            and steps.pair = pauses.pair
            and steps.epoch = pauses.epoch
    where
        steps.known_at > steps.before_at + params.min_silence
        and pauses.n_messages >= params.min_messages
        and epoch_us(steps.known_at) - epoch_us(steps.before_at)
        > params.min_factor * pauses.usual_us
)

select
    'book_tops' as dataset,
    silent.venue || ':' || silent.pair as entity,
    silent.known_at,
    'nothing for ' || silent.silent_us // 1_000_000 || ' s, and no gap was told' as reason,
    to_json(struct_pack(
        source := silent.source, epoch := silent.epoch, update_id := silent.update_id,
        silent_us := silent.silent_us, usual_us := silent.usual_us
    )) as evidence
from silent
anti join ops.feed_gaps as gaps
    on
        silent.venue = gaps.venue
        and gaps.pair in (silent.pair, 'all')
        and silent.known_at > gaps.began_at
        and coalesce(silent.before_at < gaps.ended_at, true)
