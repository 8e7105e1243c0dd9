-- rule:    B4
-- what:    What became of a pair's walls, and how many were pulled when the price came near.
-- grain:   one row per venue, pair and side with a wall that ended in the span
-- status:  live
-- needs:   0s
-- misses:  a wall that stands, or stood for over an hour

with params as (
    select 10 as near_bps  -- rule book B4
),

ended as (
    select
        walls.*,
        walls.nearest_bps <= params.near_bps as is_near
    from features.walls as walls
    cross join params
    inner join ops.clock as clock
        on walls.known_at >= clock.since and walls.known_at < clock.until
    where walls.wall_state <> 'appeared'
)

select
    venue,
    pair,
    book_side,  -- 1 bid, -1 ask
    count(*) as n_walls,  -- that ended
    count(*) filter (where wall_state = 'eaten') as n_eaten,  -- traded more than cancelled
    count(*) filter (where wall_state = 'pulled') as n_pulled,  -- cancelled more than traded
    count(*) filter (where wall_state = 'moved') as n_moved,  -- put up elsewhere within a second
    count(*) filter (where wall_state = 'faded') as n_faded,  -- the book grew around them
    count(*) filter (where is_near) as n_near,  -- that the mid came within 10 bps of
    count(*) filter (where is_near and wall_state = 'pulled')
        as n_near_pulled,  -- of those, pulled
    round(
        count(*) filter (where is_near and wall_state = 'pulled')
        / nullif(count(*) filter (where is_near), 0), 6
    ) as wall_pull_rate,  -- n_near_pulled of n_near; null where none was near
    round(median(epoch_us(happened_at) - epoch_us(began_at)) / 1e6, 6)
        as median_life_s,  -- from when it became a wall until it ended
    round(sum(cast(notional_usd as decimal(28, 2))), 2) as notional_usd,  -- of them, when they came
    max(known_at) as known_at
from ended
group by venue, pair, book_side
