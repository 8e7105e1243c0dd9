-- what:    Walls in books: levels or orders that dominate their side, and what became of them.
-- grain:   one row per wall when it has stood for 10 s, and one when it is gone; a wall stands at
--          one price, and one that lasts for over an hour is not told when it goes
-- status:  live
-- needs:   61m

with params as (
    select
        interval 10 seconds as min_life,  -- rule book B4
        interval 250 milliseconds as match_window,  -- rule book B2
        interval 1 second as move_window,  -- in which what was cancelled is put up elsewhere
        0.01 as move_tolerance,  -- of the size that is put up elsewhere; a guess
        0.5 as min_eaten_frac,  -- more traded than cancelled
        interval 5 seconds as max_silence,  -- rule book B1; behind it the book is not known
        interval 1 second as bar,  -- the length of a second bar
        interval 1 hour as max_life  -- `needs` covers it
),

changes as (
    select
        *,
        struct_pack(
            venue := venue, pair := pair, epoch := epoch, book_side := book_side, price := price,
            order_key := coalesce(order_id, 0)
        ) as level_key,
        struct_pack(at := received_at, id := update_id, n := sequence) as place
    from features.wall_changes
),

marked as (
    select
        *,
        max(case when is_standing and not was_standing then place end) over up_to_it as entered,
        max(case when not is_standing then place end) over before_it as last_left
    from changes
    window
        up_to_it as (
            partition by level_key order by place rows between unbounded preceding and current row
        ),
        before_it as (
            partition by level_key order by place rows between unbounded preceding and 1 preceding
        )
),

-- Each change of a level from when it is half a wall until it no longer is.
lives as (
    select
        marked.*,
        struct_pack(level_key := marked.level_key, entered := marked.entered) as life
    from marked
    cross join params
    where
        marked.entered is not null
        and coalesce(marked.last_left < marked.entered, true)
        and marked.received_at - marked.entered.at <= params.max_life
),

steps as (
    select
        *,
        min(case when not is_wide then received_at end) over after_it as narrow_at
    from lives
    window
        after_it as (
            partition by life order by place rows between 1 following and unbounded following
        )
),

stood as (
    select
        steps.*,
        steps.received_at + params.min_life as stood_at,
        params.bar, params.max_silence, params.match_window
    from steps
    cross join params
    where
        steps.order_event in ('add', 'increase')
        and steps.is_wide
        and steps.is_large
        and coalesce(steps.narrow_at > steps.received_at + params.min_life, true)
),

alive as (
    select
        stood.*,
        bars.bar_at,
        bars.epoch as bar_epoch
    from stood
    asof left join features.book_bars as bars
        on
            stood.venue = bars.venue
            and stood.pair = bars.pair
            and stood.stood_at - stood.bar >= bars.bar_at
),

-- Only where the book, and the same one, still told something shortly before.
walls as (
    select *
    from alive
    where bar_epoch = epoch and stood_at - bar - bar_at <= max_silence
    window of_life as (partition by life order by place)
    qualify row_number() over of_life = 1
),

taken as (
    select
        walls.life,
        walls.venue, walls.pair, walls.epoch, walls.book_side, walls.price,
        walls.received_at as began_at,
        max(lives.received_at) as ended_at,
        cast(sum(cast(coalesce(lives.exec_size, 0) as decimal(28, 8))) as double) as exec_size,
        cast(sum(cast(coalesce(lives.cancel_size, 0) as decimal(28, 8))) as double) as cancel_size,
        arg_max(lives.dist_bps, lives.place) as end_dist_bps,
        arg_max(coalesce(lives.cancel_size, 0), lives.place) as last_cancel
    from walls
    inner join lives on walls.life = lives.life and walls.place < lives.place
    group by
        walls.life, walls.venue, walls.pair, walls.epoch, walls.book_side, walls.price,
        walls.received_at
    having max(case when lives.is_standing then 0 else 1 end) = 1
),

moved as (
    select
        taken.life,
        min(changes.price) as moved_price
    from taken
    cross join params
    inner join changes
        on
            taken.venue = changes.venue
            and taken.pair = changes.pair
            and taken.epoch = changes.epoch
            and taken.book_side = changes.book_side
            and taken.price <> changes.price
            and taken.ended_at - params.move_window <= changes.received_at
            and taken.ended_at + params.move_window >= changes.received_at
    where
        changes.order_event in ('add', 'increase')
        and taken.last_cancel > 0
        and abs(changes.change_size - taken.last_cancel)
        <= params.move_tolerance * taken.last_cancel
    group by taken.life
),

-- How near the price came, at the ends of whole seconds.
seen as (
    select
        taken.life,
        min(round(10_000 * taken.book_side * (bars.mid - taken.price) / bars.mid, 6))
            as nearest_bps,
        max(
            case
                when taken.book_side = 1 and bars.best_bid <= taken.price then 1
                when taken.book_side = -1 and bars.best_ask >= taken.price then 1
                else 0
            end
        ) as is_best
    from taken
    cross join params
    inner join features.book_bars as bars
        on
            taken.venue = bars.venue
            and taken.pair = bars.pair
            and taken.epoch = bars.epoch
            and taken.began_at <= bars.bar_at
            and taken.ended_at - params.bar >= bars.bar_at
    group by taken.life
),

told as (
    select
        walls.*,
        states.wall_state,
        case when states.is_end then taken.ended_at else walls.stood_at end as happened_at,
        case
            when states.is_end then taken.ended_at + params.move_window else walls.stood_at
        end + walls.match_window as told_at,
        case when states.is_end then taken.exec_size end as sum_exec,
        case when states.is_end then taken.cancel_size end as sum_cancel,
        case
            when states.is_end
                then
                    round(
                        taken.exec_size / nullif(taken.exec_size + taken.cancel_size, 0), 9
                    )
        end as eaten_frac,
        case when states.is_end then taken.end_dist_bps end as end_dist_bps,
        case when states.is_end then least(seen.nearest_bps, taken.end_dist_bps) end
            as nearest_bps,
        case
            when states.is_end then coalesce(seen.is_best = 1, false) or taken.exec_size > 0
        end as is_reached,
        case when states.is_end then moved.moved_price end as moved_price,
        params.min_eaten_frac, states.is_end
    from walls
    cross join params
    cross join (
        values ('appeared', false), ('ended', true)
    ) as states (wall_state, is_end)
    left join taken on walls.life = taken.life
    left join moved on walls.life = moved.life
    left join seen on walls.life = seen.life
    where not states.is_end or taken.life is not null
)

select
    venue,
    pair,
    book_side,  -- 1 bid, -1 ask
    price,  -- quote currency
    order_id,  -- the wall is this order; null where the venue shows levels only
    case
        when not is_end then 'appeared'
        when eaten_frac >= min_eaten_frac then 'eaten'
        when moved_price is not null then 'moved'
        when eaten_frac is not null then 'pulled'
        else 'faded'
    end as wall_state,  -- appeared; eaten, pulled, moved, or faded: the book grew around it
    received_at as began_at,  -- when it became a wall
    happened_at,  -- when it had stood for 10 s, or was gone
    told_at as known_at,  -- 250 ms later, or 1.25 s, by when it would stand elsewhere
    size,  -- base units when it became a wall
    notional_usd,  -- of size
    side_depth,  -- base units within 200 bps of the mid then, else all that was known
    depth_frac,  -- size over side_depth
    median_size,  -- base units, of what is added to its side and band
    round(size / median_size, 6) as median_ratio,  -- size over median_size
    n_obs,  -- in the median
    mid,  -- quote currency, when it became a wall
    dist_bps,  -- from the mid then, positive away from it
    end_dist_bps,  -- from the mid when it was gone; null while it stands
    nearest_bps,  -- least distance from the mid at the end of a second, or when it was gone
    is_reached,  -- the best price touched it; null while it stands
    sum_exec as exec_size,  -- base units that were traded since it became a wall
    sum_cancel as cancel_size,  -- base units that were cancelled since
    eaten_frac,  -- exec_size of both
    round(1 - eaten_frac, 9) as pulled_frac,  -- cancel_size of both
    moved_price,  -- where the same size was put up within a second; null where it was not
    epoch,
    update_id
from told
where told_at < (select clock.until from ops.clock as clock)
