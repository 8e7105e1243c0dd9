-- what:    Order-flow imbalance beside that of the day before, and the move that it explains.
-- grain:   one row per venue, pair and bar of 1 s and 10 s, known when the bar is over; beta and
--          residual_z are of bars of 10 s only
-- status:  live
-- needs:   61m, 25h of features.book_flow_hours

with params as (
    select
        interval 24 hours as baseline,  -- rule book B6
        3_600 as min_baseline_s,  -- an hour of bars, as in features.book_imbalance; a guess
        20 as min_fit_obs  -- rule book 0.3: below it a z says nothing
),

bars as (
    select
        *,
        date_trunc('hour', bar_at) as hour_at,
        bar_at + case when length_s = 1 then interval 1 second else interval 10 seconds end
            as ended_at,
        round(10_000 * mid_change / mid, 9) as move_bps
    from features.book_flow_bars
),

asked as (
    select
        venue, pair, length_s, hour_at
    from bars
    group by venue, pair, length_s, hour_at
),

-- A bin stands for the mean of what is in it.
baselines as (
    select
        asked.venue, asked.pair, asked.length_s, asked.hour_at, past.bin,
        cast(sum(past.n_bars) as bigint) as n_bars,
        cast(sum(past.sum_ofi) as double) / sum(past.n_bars) as ofi
    from asked
    cross join params
    inner join features.book_flow_hours as past
        on
            asked.venue = past.venue
            and asked.pair = past.pair
            and asked.length_s = past.length_s
            and past.hour_at >= asked.hour_at - params.baseline
            and asked.hour_at > past.hour_at
    group by asked.venue, asked.pair, asked.length_s, asked.hour_at, past.bin
),

by_flow as (
    select
        *,
        sum(n_bars) over in_order as n_up_to,
        sum(n_bars) over of_hour as n_obs
    from baselines
    window
        in_order as (
            partition by venue, pair, length_s, hour_at order by ofi, bin
            rows between unbounded preceding and current row
        ),
        of_hour as (partition by venue, pair, length_s, hour_at)
),

middles as (
    select
        venue, pair, length_s, hour_at,
        max(n_obs) as n_obs,
        (
            min(case when 2 * n_up_to >= n_obs then ofi end)
            + min(case when 2 * n_up_to > n_obs then ofi end)
        ) / 2 as median_ofi
    from by_flow
    group by venue, pair, length_s, hour_at
),

deviations as (
    select
        baselines.*,
        middles.n_obs, middles.median_ofi,
        abs(baselines.ofi - middles.median_ofi) as deviation
    from baselines
    inner join middles
        on
            baselines.venue = middles.venue
            and baselines.pair = middles.pair
            and baselines.length_s = middles.length_s
            and baselines.hour_at = middles.hour_at
),

by_deviation as (
    select
        *,
        sum(n_bars) over in_order as n_up_to
    from deviations
    window
        in_order as (
            partition by venue, pair, length_s, hour_at order by deviation, bin
            rows between unbounded preceding and current row
        )
),

spreads as (
    select
        venue, pair, length_s, hour_at,
        max(n_obs) as n_obs,
        round(max(median_ofi), 9) as median_ofi,
        round(
            (
                min(case when 2 * n_up_to >= n_obs then deviation end)
                + min(case when 2 * n_up_to > n_obs then deviation end)
            ) / 2, 9
        ) as mad_ofi
    from by_deviation
    group by venue, pair, length_s, hour_at
),

-- Sums of the bars that were over when this one began; beta goes through no flow and no move.
sums as (
    select
        venue, pair, bar_at,
        count(*) over an_hour as n_fit,
        sum(ofi * ofi) over an_hour as ofi_ofi,
        sum(ofi * move_bps) over an_hour as ofi_move,
        sum(move_bps * move_bps) over an_hour as move_move
    from bars
    where length_s = 10
    window
        an_hour as (
            partition by venue, pair order by bar_at
            range between interval 3600 seconds preceding and interval 10 seconds preceding
        )
),

fits as (
    select
        sums.*,
        sums.ofi_move / nullif(sums.ofi_ofi, 0) as beta,
        -- Rounded, so that what is left of a perfect fit is no spread.
        nullif(
            round(
                (sums.move_move - sums.ofi_move * sums.ofi_move / nullif(sums.ofi_ofi, 0))
                / (sums.n_fit - 1), 12
            ), 0
        ) as residual_variance
    from sums
    cross join params
    where sums.n_fit >= params.min_fit_obs
)

select
    bars.venue,
    bars.pair,
    bars.length_s,  -- seconds that a bar lasts: 1 or 10
    bars.bar_at,  -- the bar's begin
    bars.ended_at as known_at,  -- the bar's end
    bars.ofi,  -- base units
    bars.mean_depth,
    bars.ofi_norm,  -- ofi over mean_depth
    bars.mid,
    bars.move_bps,  -- change of the mid, hundredths of a percent of it
    bars.n_updates,
    bars.epoch,
    cast(coalesce(spreads.n_obs, 0) as bigint) as n_obs,  -- bars in the baseline
    spreads.median_ofi,  -- base units, of the 24 whole hours before the bar's
    spreads.mad_ofi,  -- base units, median of absolute deviations from it
    case
        when spreads.n_obs * bars.length_s >= params.min_baseline_s
            then round(0.6745 * (bars.ofi - spreads.median_ofi) / nullif(spreads.mad_ofi, 0), 6)
    end as mz,  -- modified z of ofi, to 5 %; null where half of the bars are equal
    cast(coalesce(fits.n_fit, 0) as bigint)
        as n_fit,  -- bars in the 60 minutes before, from 20 on
    round(fits.beta, 9) as beta,  -- bps of move a base unit of flow, by least squares
    round(fits.beta * bars.ofi, 9) as explained_bps,  -- of the move, by the flow
    round(
        cast(
            (bars.move_bps - fits.beta * bars.ofi) / sqrt(fits.residual_variance) as double
        ), 6
    ) as residual_z  -- the rest of the move, in standard deviations of those bars
from bars
cross join params
left join spreads
    on
        bars.venue = spreads.venue
        and bars.pair = spreads.pair
        and bars.length_s = spreads.length_s
        and bars.hour_at = spreads.hour_at
left join fits
    on
        bars.venue = fits.venue
        and bars.pair = fits.pair
        and bars.bar_at = fits.bar_at
        and bars.length_s = 10
where bars.ended_at < (select clock.until from ops.clock as clock)
