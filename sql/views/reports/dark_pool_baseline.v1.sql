-- what:    Share of a stock's volume off exchange beside what is usual for it.
-- grain:   one row per symbol and session, and one of all stocks together, whose symbol is null; of
--          prints and totals the one with the longer history; the band is null below 20 sessions
-- status:  live
-- needs:   61 sessions

with params as (
    select
        20 as min_obs,  -- below it a median says nothing; rule book 0.3
        2 as band_z,  -- modified z that the band is wide; a guess
        0.6745 as mad_frac  -- of a normal spread, that half of all lie within
),

ratios as (
    select
        symbol, session_date, basis, known_at, closes_at, place, volume, offex_volume,
        offex_value_usd, offex_ratio
    from features.off_exchange_sessions
    where offex_ratio is not null
    union all
    select
        cast(null as text) as symbol,
        session_date, basis,
        max(known_at) as known_at,
        max(closes_at) as closes_at,
        max(place) as place,
        cast(sum(cast(volume as decimal(28, 2))) as double) as volume,
        cast(sum(cast(offex_volume as decimal(28, 2))) as double) as offex_volume,
        cast(sum(cast(offex_value_usd as decimal(28, 2))) as double) as offex_value_usd,
        round(
            cast(sum(cast(offex_volume as decimal(28, 2))) as double)
            / nullif(cast(sum(cast(volume as decimal(28, 2))) as double), 0), 9
        ) as offex_ratio
    from features.off_exchange_sessions
    where offex_ratio is not null
    group by session_date, basis
),

middles as (
    select
        *,
        count(*) over before_it as n_obs,
        median(offex_ratio) over before_it as median_ratio,
        mad(offex_ratio) over before_it as mad_ratio
    from ratios
    window before_it as (
        partition by symbol, basis order by place range between 60 preceding and 1 preceding
    )
),

numbered as (
    select
        middles.*,
        params.min_obs, params.band_z, params.mad_frac,
        row_number() over (
            partition by middles.symbol, middles.session_date
            order by middles.n_obs desc, middles.basis asc
        ) as nth
    from middles
    cross join params
)

select
    session_date,
    closes_at,
    symbol,  -- null: all stocks together
    basis,  -- prints of the tape, or FINRA's totals over a bar's volume
    volume,  -- shares, on and off exchange
    offex_volume,  -- shares
    offex_value_usd,
    offex_ratio,  -- 0 to 1
    round(case when n_obs >= min_obs then median_ratio end, 9)
        as usual_ratio,  -- median of the 60 sessions before
    round(case when n_obs >= min_obs then median_ratio - band_z * mad_ratio / mad_frac end, 9)
        as low_ratio,  -- two modified z below it
    round(case when n_obs >= min_obs then median_ratio + band_z * mad_ratio / mad_frac end, 9)
        as high_ratio,  -- two modified z above it
    case
        when n_obs < min_obs then null
        when offex_ratio > median_ratio + band_z * mad_ratio / mad_frac then 'above'
        when offex_ratio < median_ratio - band_z * mad_ratio / mad_frac then 'below'
        else 'within'
    end as band_place,  -- above, within or below it
    n_obs,  -- sessions before it that have a ratio, of 60
    known_at
from numbered
where nth = 1
order by session_date desc, symbol asc nulls first
