-- rule:    B4
-- what:    A large order or level dominates its side of a book, or is gone.
-- grain:   one row per wall that has stood for 10 s, and one for its end
-- status:  live
-- every:   5s
-- needs:   0s
-- misses:  walls that were in the snapshot, that stand in pieces at several prices or orders, or
--          that end after more than an hour; instruments whose name has no quote currency; pairs
--          without 20 adds to the same side and band in the day before; what comes and goes within
--          10 s. The median is of what is added, not of all levels that stand, as in the rule book
-- noisy:   round prices, where many put their orders; market makers that quote large sizes all day;
--          books with little in them, where everything is a wall

with params as (
    select
        0.05 as low_depth_frac,  -- rule book B4, as in features.wall_changes
        0.2 as medium_depth_frac,  -- rule book B4
        20 as max_pull_bps,  -- rule book B4
        0.5 as max_approach_frac,  -- rule book B4: nearer than half of the distance before
        500 as full_obs  -- adds; below it a median is of little, rule book B3
),

walls as (
    select
        walls.*,
        params.low_depth_frac, params.medium_depth_frac, params.full_obs,
        walls.venue || ':' || walls.pair as entity,
        case when walls.book_side = 1 then 'bid' else 'ask' end as side_name,
        coalesce(
            walls.wall_state = 'pulled'
            and walls.end_dist_bps < params.max_pull_bps
            and walls.end_dist_bps < params.max_approach_frac * walls.dist_bps,
            false
        ) as is_near
    from features.walls as walls
    cross join params
)

select
    entity,
    'pair' as entity_type,
    happened_at,
    known_at as fired_at,
    -- A wall of bids holds the price up; when it is gone it does no more.
    case
        when wall_state in ('moved', 'faded') then 'neutral'
        when (book_side = 1) = (wall_state = 'appeared') then 'bull'
        else 'bear'
    end as direction,
    round(
        cast(
            case
                when is_near then 60 + 19 * least(1, depth_frac)  -- high
                when wall_state <> 'appeared' then 19 * least(1, depth_frac)  -- a mention
                when depth_frac >= medium_depth_frac
                    then
                        40 + 19 * least(
                            1,
                            (depth_frac - medium_depth_frac) / nullif(1 - medium_depth_frac, 0)
                        )
                else
                    20 + 19 * (depth_frac - low_depth_frac)
                    / nullif(medium_depth_frac - low_depth_frac, 0)
            end as double
        ), 6
    ) as score,
    cast(case when n_obs >= full_obs then 0.5 else 0.3 end as double) as confidence,
    cast(notional_usd as double) as notional_usd,
    entity || ': ' || case
        when wall_state = 'appeared'
            then
                'a wall of ' || cast(round(notional_usd) as bigint) || ' USD stands at the '
                || side_name || ' ' || cast(price as text) || ', '
                || cast(round(100 * depth_frac) as bigint) || ' % of its side'
        when wall_state = 'moved'
            then
                'the wall at the ' || side_name || ' ' || cast(price as text) || ' moved to '
                || cast(moved_price as text)
        when wall_state = 'faded'
            then
                'the book grew around the wall at the ' || side_name || ' ' || cast(price as text)
        else
            'the wall of ' || cast(round(notional_usd) as bigint) || ' USD at the ' || side_name
            || ' ' || cast(price as text) || ' was '
            || cast(round(100 * eaten_frac) as bigint) || ' % traded and '
            || cast(round(100 * pulled_frac) as bigint) || ' % cancelled'
            || case when is_near then ' as the price came near' else '' end
    end as headline,
    to_json(struct_pack(
        wall_state := wall_state, book_side := book_side, price := price, order_id := order_id,
        size := size, notional_usd := notional_usd, side_depth := side_depth,
        depth_frac := depth_frac, median_size := median_size, median_ratio := median_ratio,
        n_obs := n_obs, short_history := n_obs < full_obs, mid := mid, dist_bps := dist_bps,
        end_dist_bps := end_dist_bps, nearest_bps := nearest_bps, is_reached := is_reached,
        exec_size := exec_size, cancel_size := cancel_size, eaten_frac := eaten_frac,
        pulled_frac := pulled_frac, moved_price := moved_price, is_near := is_near,
        epoch := epoch, update_id := update_id, began_us := epoch_us(began_at),
        ended_us := epoch_us(happened_at)
    )) as evidence,
    concat_ws(
        '|', 'crypto.wall', entity, side_name || '_' || price || '_' || coalesce(order_id, 0),
        epoch_us(began_at), case when wall_state = 'appeared' then 'stands' else 'gone' end
    ) as alert_key
from walls
where known_at < (select clock.until from ops.clock as clock)
