-- rule:    A17
-- what:    What dealers would have to hedge of an underlying at each full hour, how much that was
--          the evening before, and the level that its price has crossed at which it turns.
-- grain:   one row per underlying, session and full hour of the span in which its chain was told;
--          gex_pr is null below 20 sessions of history; what compares with the session before is
--          null where that has no chain
-- status:  live
-- needs:   72 sessions

with params as (
    select
        60 as rank_sessions,  -- a quarter: a year of whole chains is dear
        20 as min_obs,  -- below it a percentile says nothing, rule book 0.3
        20 as fine_steps  -- between the two prices; of a tenth's move they are good to a cent
),

-- Between two full hours nothing is told.
terms as (
    select
        facts.*,
        sessions.sequence
    from features.gamma_terms as facts
    cross join ops.clock as clock
    inner join curated.sessions as sessions
        on facts.calendar = sessions.calendar and facts.session_date = sessions.session_date
    where
        coalesce(facts.known_at <= sessions.late_at, true)
        and (epoch_us(clock.until) - 1) // 3_600_000_000
        > (epoch_us(clock.since) - 1) // 3_600_000_000
),

told as (
    select
        underlying, calendar, session_date, sequence,
        date_trunc('hour', known_at) + interval 1 hour as hour_at
    from terms
    group by
        underlying, calendar, session_date, sequence,
        date_trunc('hour', known_at) + interval 1 hour
),

hours as (
    select
        told.*,
        lead(told.hour_at) over in_order as next_at
    from told
    window in_order as (
        partition by told.underlying, told.calendar, told.session_date order by told.hour_at
    )
),

-- Those of the span, and what still stood of each session when it began.
wanted as (
    select hours.*
    from hours
    cross join ops.clock as clock
    where hours.hour_at < clock.until and coalesce(hours.next_at >= clock.since, true)
),

-- The chain as it stood when the hour was over.
standing as (
    select
        wanted.underlying, wanted.calendar, wanted.session_date, wanted.sequence,
        wanted.hour_at, wanted.next_at,
        terms.contract, terms.known_at, terms.spot, terms.strike_usd, terms.signed_units,
        terms.width, terms.drift, terms.height
    from wanted
    inner join terms
        on
            wanted.underlying = terms.underlying
            and wanted.calendar = terms.calendar
            and wanted.session_date = terms.session_date
            and wanted.hour_at > terms.known_at
            and coalesce(wanted.hour_at <= terms.withdrawn_at, true)
),

spots as (
    select
        underlying, calendar, session_date, sequence, hour_at, next_at,
        count(*) as n_contracts,
        arg_max(spot, struct_pack(at := known_at, contract := contract)) as spot
    from standing
    group by underlying, calendar, session_date, sequence, hour_at, next_at
),

totals as (
    select
        spots.underlying, spots.calendar, spots.session_date, spots.sequence, spots.hour_at,
        spots.next_at, spots.spot, spots.n_contracts,
        round(
            sum(
                standing.signed_units * standing.height * spots.spot / 100
                * exp(
                    -power(
                        (ln(spots.spot / standing.strike_usd) + standing.drift) / standing.width, 2
                    ) / 2
                )
            ), 2
        ) as gex
    from spots
    inner join standing
        on
            spots.underlying = standing.underlying
            and spots.calendar = standing.calendar
            and spots.session_date = standing.session_date
            and spots.hour_at = standing.hour_at
    group by
        spots.underlying, spots.calendar, spots.session_date, spots.sequence, spots.hour_at,
        spots.next_at, spots.spot, spots.n_contracts
),

asked as (
    select totals.*
    from totals
    cross join ops.clock as clock
    where totals.hour_at >= clock.since
),

-- The evening before, as it stood, and the price at the last hour that was told.
evenings as (
    select
        asked.underlying, asked.calendar, asked.sequence, asked.hour_at, asked.spot, asked.gex,
        asked.session_date,
        evening.session_date as evening_date,
        evening.gex as evening_gex,
        coalesce(earlier.spot, evening.spot) as previous_spot
    from asked
    inner join totals as evening
        on
            asked.underlying = evening.underlying
            and asked.calendar = evening.calendar
            and asked.sequence - 1 = evening.sequence
            and asked.hour_at >= evening.hour_at
            and coalesce(asked.hour_at < evening.next_at, true)
    left join totals as earlier
        on
            asked.underlying = earlier.underlying
            and asked.calendar = earlier.calendar
            and asked.sequence = earlier.sequence
            and asked.hour_at = earlier.next_at
),

-- Where that evening stood among the sessions before it, as they stood.
ranks as (
    select
        evenings.underlying, evenings.calendar, evenings.sequence, evenings.hour_at,
        count(*) as n_obs,
        sum(case when abs(past.gex) < abs(evenings.evening_gex) then 1 else 0 end)
        + sum(case when abs(past.gex) <= abs(evenings.evening_gex) then 1 else 0 end)
            as twice_rank
    from evenings
    cross join params
    inner join totals as past
        on
            evenings.underlying = past.underlying
            and evenings.calendar = past.calendar
            and past.sequence between
            evenings.sequence - 1 - params.rank_sessions and evenings.sequence - 2
            and evenings.hour_at >= past.hour_at
            and coalesce(evenings.hour_at < past.next_at, true)
    group by evenings.underlying, evenings.calendar, evenings.sequence, evenings.hour_at
),

-- With today's contracts at the price before.
starts as (
    select
        evenings.underlying, evenings.calendar, evenings.session_date, evenings.hour_at,
        evenings.previous_spot, evenings.spot, evenings.gex,
        round(
            sum(
                standing.signed_units * standing.height * evenings.previous_spot / 100
                * exp(
                    -power(
                        (ln(evenings.previous_spot / standing.strike_usd) + standing.drift)
                        / standing.width, 2
                    ) / 2
                )
            ), 2
        ) as start_gex
    from evenings
    inner join standing
        on
            evenings.underlying = standing.underlying
            and evenings.calendar = standing.calendar
            and evenings.session_date = standing.session_date
            and evenings.hour_at = standing.hour_at
    where evenings.previous_spot <> evenings.spot
    group by
        evenings.underlying, evenings.calendar, evenings.session_date, evenings.hour_at,
        evenings.previous_spot, evenings.spot, evenings.gex
),

paths as (
    select
        starts.underlying, starts.calendar, starts.session_date, starts.hour_at, steps.place,
        starts.previous_spot
        + (starts.spot - starts.previous_spot) * steps.place / params.fine_steps as price
    from starts
    cross join params
    inner join (
        values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14),
        (15), (16), (17), (18), (19), (20)
    ) as steps (place) on params.fine_steps >= steps.place
    where sign(starts.start_gex) <> sign(starts.gex)
),

sums as (
    select
        paths.underlying, paths.calendar, paths.session_date, paths.hour_at, paths.place,
        paths.price,
        sum(
            standing.signed_units * standing.height * paths.price / 100
            * exp(
                -power(
                    (ln(paths.price / standing.strike_usd) + standing.drift) / standing.width, 2
                ) / 2
            )
        ) as gex
    from paths
    inner join standing
        on
            paths.underlying = standing.underlying
            and paths.calendar = standing.calendar
            and paths.session_date = standing.session_date
            and paths.hour_at = standing.hour_at
    group by
        paths.underlying, paths.calendar, paths.session_date, paths.hour_at, paths.place,
        paths.price
),

pieces as (
    select
        *,
        lag(price) over in_order as last_price,
        lag(gex) over in_order as last_gex
    from sums
    window in_order as (
        partition by underlying, calendar, session_date, hour_at order by place
    )
),

-- Of several levels the last one that it crossed.
flips as (
    select
        underlying, calendar, session_date, hour_at,
        arg_max(
            last_price - last_gex * (price - last_price) / nullif(gex - last_gex, 0), place
        ) as crossed_flip
    from pieces
    where sign(gex) <> sign(last_gex)
    group by underlying, calendar, session_date, hour_at
)

select
    asked.underlying,
    asked.session_date,
    asked.hour_at as known_at,  -- the full hour
    asked.spot,  -- USD, the newest of the chain
    asked.gex as gex_usd_1pct,  -- to hedge for 1 %, at that price
    asked.n_contracts,  -- with a volatility and open interest
    evenings.evening_date,  -- the session before
    evenings.evening_gex as evening_gex_usd_1pct,  -- as it was told last of that session
    coalesce(ranks.n_obs, 0) as n_obs,  -- sessions among the 60 before that one
    round(
        case
            when ranks.n_obs >= params.min_obs
                then cast(ranks.twice_rank as double) / (2 * ranks.n_obs)
        end, 9
    ) as gex_pr,  -- mid-rank percentile of its size among them, 0 to 1
    evenings.previous_spot,  -- USD, at the hour that was told before
    round(flips.crossed_flip, 4)
        as crossed_flip,  -- USD, where the total turns between the two prices; null if it does not
    'dealers long calls, short puts' as sign_convention,  -- an assumption, false for many stocks
    asked.calendar
from asked
cross join params
left join evenings
    on
        asked.underlying = evenings.underlying
        and asked.calendar = evenings.calendar
        and asked.session_date = evenings.session_date
        and asked.hour_at = evenings.hour_at
left join ranks
    on
        asked.underlying = ranks.underlying
        and asked.calendar = ranks.calendar
        and asked.sequence = ranks.sequence
        and asked.hour_at = ranks.hour_at
left join flips
    on
        asked.underlying = flips.underlying
        and asked.calendar = flips.calendar
        and asked.session_date = flips.session_date
        and asked.hour_at = flips.hour_at
