-- what:    What came to order books and may matter, beside the sizes that are usual there.
-- grain:   one row per row of features.whale_adds; what compares is as of the begin of its minute,
--          and size_pr is null where it is surely below 0.9, or nothing came before
-- status:  live
-- keep:    rolling
-- needs:   1m, 1h of features.book_size_minutes, 25h of features.book_size_hours

with params as (
    select
        interval 24 hours as baseline,  -- as in features.book_size_baselines
        0.94 as least_of_p90  -- what shares a bin with the 90th percentile is not below this of it
),

compared as (
    select
        adds.*,
        params.baseline,
        coalesce(usual.n_obs, 0) as n_obs,
        usual.median_size, usual.p90_size, usual.p99_size, usual.mad_log_size,
        adds.add_size >= params.least_of_p90 * usual.p90_size as is_ranked
    from features.whale_adds as adds
    cross join params
    left join features.book_size_baselines as usual
        on
            adds.venue = usual.venue
            and adds.pair = usual.pair
            and adds.book_side = usual.book_side
            and adds.band_bps = usual.band_bps
            and adds.minute_at = usual.minute_at
),

-- Only the top decile is ranked: of the rest nothing is asked.
asked as (
    select
        venue, pair, book_side, band_bps, minute_at, hour_at, bin, baseline
    from compared
    where is_ranked
    group by venue, pair, book_side, band_bps, minute_at, hour_at, bin, baseline
),

pasts as (
    select
        asked.venue, asked.pair, asked.book_side, asked.band_bps, asked.minute_at, asked.bin,
        past.n_adds * case when past.bin = asked.bin then 1 else 2 end as twice_n
    from asked
    inner join features.book_size_hours as past
        on
            asked.venue = past.venue
            and asked.pair = past.pair
            and asked.book_side = past.book_side
            and asked.band_bps = past.band_bps
            and past.hour_at >= asked.hour_at - asked.baseline
            and asked.hour_at > past.hour_at
            and asked.bin >= past.bin
    union all
    select
        asked.venue, asked.pair, asked.book_side, asked.band_bps, asked.minute_at, asked.bin,
        past.n_adds * case when past.bin = asked.bin then 1 else 2 end as twice_n
    from asked
    inner join features.book_size_minutes as past
        on
            asked.venue = past.venue
            and asked.pair = past.pair
            and asked.book_side = past.book_side
            and asked.band_bps = past.band_bps
            and asked.minute_at > past.minute_at
            and asked.hour_at <= past.minute_at
            and asked.bin >= past.bin
),

ranks as (
    select
        venue, pair, book_side, band_bps, minute_at, bin,
        cast(sum(twice_n) as bigint) as twice_rank
    from pasts
    group by venue, pair, book_side, band_bps, minute_at, bin
)

select
    compared.venue,
    compared.pair,
    compared.known_at,
    compared.exchange_at,
    compared.minute_at,
    compared.book_side,
    compared.band_bps,
    compared.price,
    compared.order_id,
    compared.add_size,
    compared.size,
    compared.dist_bps,
    compared.mid,
    compared.spread_frac,
    compared.usd_rate,
    compared.notional_usd,
    compared.side_depth,
    compared.near_depth,
    compared.near_frac,
    compared.lean_size,
    compared.is_round_price,
    coalesce(moments.n_obs, 0) as n_moments,  -- what came in the two days before, in pieces
    moments.mean_size,  -- base units, of all that came to the pair's book
    moments.variance,
    compared.n_obs,  -- what came to its side and band in the day before, in pieces
    compared.median_size,
    compared.p90_size,
    compared.p99_size,
    compared.mad_log_size,
    case
        when compared.is_ranked
            then round(cast(ranks.twice_rank as double) / (2 * compared.n_obs), 9)
    end as size_pr,  -- mid-rank percentile of add_size in bins of 5 %, 0 to 1
    round(
        0.6745 * ln(compared.add_size / compared.median_size) / nullif(compared.mad_log_size, 0),
        6
    ) as size_mz,  -- modified z of ln add_size; null where half of the sizes are equal
    -- Of the side's depth, to which it belongs where it lies within 50 bps.
    case
        when compared.add_size >= compared.side_depth then 1
        else round(compared.add_size / compared.side_depth, 9)
    end as depth_frac,  -- add_size over side_depth, 1 at most
    round(exp(-greatest(compared.dist_bps, 0) / 50), 9)
        as closeness,  -- 1 at the mid, 0.37 at 50 bps from it
    compared.epoch,
    compared.update_id,
    compared.sequence
from compared
left join features.book_moments as moments
    on
        compared.venue = moments.venue
        and compared.pair = moments.pair
        and compared.minute_at = moments.minute_at
left join ranks
    on
        compared.venue = ranks.venue
        and compared.pair = ranks.pair
        and compared.book_side = ranks.book_side
        and compared.band_bps = ranks.band_bps
        and compared.minute_at = ranks.minute_at
        and compared.bin = ranks.bin
