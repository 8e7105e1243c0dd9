-- rule:    D6
-- what:    How many days hedge-type managers would need to leave a security together.
-- grain:   one row per security (CUSIP) and quarter that such a manager holds, at the session from
--          which the quarter's changes count; days_adv is null without 20 sessions of volume
-- status:  live
-- needs:   65 sessions
-- misses:  shorts and hedges; amendments after that session; a split since the quarter's end
-- noisy:   in August and December, when volumes are low: days_adv60 is by the median of 60 sessions

with params as (
    select
        0.2 as participation,  -- of the volume, rule book D6
        20 as adv_sessions,  -- rule book D6
        60 as median_sessions,  -- rule book D6
        20 as min_securities  -- of a percentile across them
),

held as (
    select
        rows_told.cusip, rows_told.ticker, rows_told.issuer, rows_told.period_end,
        rows_told.session_date, rows_told.known_at, rows_told.hedge_shares,
        rows_told.n_hedge_holders, rows_told.n_holders, rows_told.n_new, rows_told.n_sold_out,
        rows_told.n_prev_holders, rows_told.shares_held, rows_told.value_usd,
        rows_told.coverage_frac, sessions.sequence
    from features.holder_sessions as rows_told
    inner join curated.us_sessions as sessions on rows_told.session_date = sessions.session_date
    where rows_told.is_first_settled and rows_told.hedge_shares > 0
),

evaluations as (select distinct session_date, known_at, sequence from held),

bars as (
    select
        traded.symbol, traded.known_at, traded.withdrawn_at,
        cast(traded.volume as double) as volume,
        sessions.sequence
    from curated.equity_bars as traded
    inner join curated.us_sessions as sessions on traded.session_date = sessions.session_date
    where traded.bar = '1d'
),

-- What was known of the sessions before; a session without a bar had no volume.
volumes as (
    select
        evaluations.session_date, bars.symbol,
        sum(
            case
                when evaluations.sequence - params.adv_sessions <= bars.sequence then bars.volume
                else 0
            end
        ) / params.adv_sessions as adv20,
        median(bars.volume) as median60,
        count(*) as n_volumes
    from evaluations
    cross join params
    inner join bars
        on
            evaluations.sequence > bars.sequence
            and evaluations.sequence - params.median_sessions <= bars.sequence
            and evaluations.known_at >= bars.known_at
            and coalesce(evaluations.known_at < bars.withdrawn_at, true)
    group by evaluations.session_date, bars.symbol, params.adv_sessions
),

measured as (
    select
        held.*,
        params.min_securities,
        volumes.adv20, volumes.median60,
        case
            when volumes.n_volumes >= params.adv_sessions
                then
                    round(
                        cast(held.hedge_shares as double)
                        / nullif(params.participation * volumes.adv20, 0), 6
                    )
        end as days_adv,
        case
            when volumes.n_volumes >= params.adv_sessions
                then
                    round(
                        cast(held.hedge_shares as double)
                        / nullif(params.participation * volumes.median60, 0), 6
                    )
        end as days_adv60
    from held
    cross join params
    left join volumes
        on held.session_date = volumes.session_date and held.ticker = volumes.symbol
),

ties as (
    select
        session_date, days_adv,
        count(*) as n_tied
    from measured
    where days_adv is not null
    group by session_date, days_adv
),

-- Mid-rank among all securities of the same session.
ranks as (
    select
        session_date, days_adv, n_tied,
        coalesce(
            sum(n_tied) over (
                partition by session_date order by days_adv
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as n_less,
        sum(n_tied) over (partition by session_date) as n_securities
    from ties
)

select
    measured.cusip,
    measured.ticker,
    measured.issuer,
    measured.period_end,
    measured.session_date,
    measured.known_at,
    measured.hedge_shares,
    measured.n_hedge_holders,
    round(
        measured.value_usd * cast(measured.hedge_shares as double)
        / nullif(cast(measured.shares_held as double), 0), 2
    ) as hedge_usd,  -- USD at the quarter's end, of the shares that hedge-type managers hold
    round(measured.adv20, 6) as adv20,  -- mean volume of the 20 sessions before, shares
    round(measured.median60, 6) as median60,  -- median volume of the 60 sessions before, shares
    measured.days_adv,  -- to sell all of it at a fifth of adv20
    measured.days_adv60,  -- to sell all of it at a fifth of median60
    company.hf_own_pct,
    cast(ranks.n_securities as bigint) as n_securities,  -- that have days_adv in this session
    case
        when ranks.n_securities >= measured.min_securities
            then round((ranks.n_less + 0.5 * ranks.n_tied) / cast(ranks.n_securities as double), 9)
    end as crowding_pr,  -- mid-rank percentile of days_adv across them; null below 20
    measured.n_holders,
    round(
        100 * cast(measured.n_new - measured.n_sold_out as double)
        / nullif(measured.n_prev_holders, 0), 6
    ) as d_holders_pct,  -- of those that held it a quarter before, among who reported both
    measured.coverage_frac
from measured
left join ranks
    on measured.session_date = ranks.session_date and measured.days_adv = ranks.days_adv
left join features.ownership as company
    on
        measured.cusip = company.cusip
        and measured.period_end = company.period_end
        and measured.session_date = company.session_date
