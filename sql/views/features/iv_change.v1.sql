-- rule:    A8
-- what:    Change of an underlying's 30-day volatility over one session, beyond what the market's
--          explains, beside its usual change.
-- grain:   one row per underlying, session and version of its change; the market is SPX, else SPY;
--          where neither has a change of that session, or 20 sessions in common, market is null
--          and residual is the change itself; jump_z is null below 20 changes among 60 sessions
-- status:  live
-- needs:   71 sessions

with params as (
    select
        60 as max_sessions,  -- a quarter, rule book A8
        20 as min_changes,  -- below it no z, rule book 0.3
        20 as max_mean_sessions  -- Donoho's month
),

changes as (select * from features.iv_session_change),

markets as (
    select
        *,
        case underlying when 'SPX' then 1 else 2 end as choice
    from changes
    where underlying in ('SPX', 'SPY') and calendar = 'XNYS'
),

-- Of the market's change of the same session, what stood when this one became known.
beside as (
    select
        today.underlying, today.calendar, today.session_date, today.known_at,
        today.sequence, today.d_iv,
        markets.underlying as market,
        markets.choice,
        markets.d_iv as market_d_iv
    from changes as today
    inner join markets
        on
            today.calendar = markets.calendar
            and today.session_date = markets.session_date
            and today.known_at >= markets.known_at
            and coalesce(today.known_at < markets.withdrawn_at, true)
            and today.underlying not in ('SPX', 'SPY')
),

-- The sessions before, as they stood, each with the market's change beside it.
pairs as (
    select
        beside.underlying, beside.calendar, beside.session_date, beside.known_at,
        beside.market, beside.choice, beside.market_d_iv as today_market_d_iv,
        past.d_iv,
        markets.d_iv as market_d_iv
    from beside
    cross join params
    inner join changes as past
        on
            beside.underlying = past.underlying
            and beside.calendar = past.calendar
            and past.sequence between beside.sequence - params.max_sessions and beside.sequence - 1
            and beside.known_at >= past.known_at
            and coalesce(beside.known_at < past.withdrawn_at, true)
    inner join markets
        on
            beside.market = markets.underlying
            and past.session_date = markets.session_date
            and beside.known_at >= markets.known_at
            and coalesce(beside.known_at < markets.withdrawn_at, true)
),

-- The slope of a straight line through them, by sums that no order changes.
slopes as (
    select
        underlying, calendar, session_date, known_at, market, choice, today_market_d_iv,
        count(*) as n_pairs,
        sum(cast(d_iv as decimal(18, 9))) as sum_own,
        sum(cast(market_d_iv as decimal(18, 9))) as sum_market,
        sum(cast(d_iv * market_d_iv as decimal(28, 12))) as sum_both,
        sum(cast(market_d_iv * market_d_iv as decimal(28, 12))) as sum_squares
    from pairs
    group by underlying, calendar, session_date, known_at, market, choice, today_market_d_iv
),

betas as (
    select
        slopes.underlying, slopes.calendar, slopes.session_date, slopes.known_at,
        slopes.market, slopes.today_market_d_iv,
        round(
            (
                slopes.n_pairs * cast(slopes.sum_both as double)
                - cast(slopes.sum_own as double) * cast(slopes.sum_market as double)
            ) / nullif(
                slopes.n_pairs * cast(slopes.sum_squares as double)
                - cast(slopes.sum_market as double) * cast(slopes.sum_market as double), 0
            ), 9
        ) as beta
    from slopes
    cross join params
    where slopes.n_pairs >= params.min_changes
    qualify
        row_number() over (
            partition by
                slopes.underlying, slopes.calendar, slopes.session_date, slopes.known_at
            order by slopes.choice
        ) = 1
),

todays as (
    select
        changes.*,
        betas.market, betas.beta, betas.today_market_d_iv as market_d_iv,
        round(changes.d_iv - coalesce(betas.beta * betas.today_market_d_iv, 0), 9) as residual
    from changes
    left join betas
        on
            changes.underlying = betas.underlying
            and changes.calendar = betas.calendar
            and changes.session_date = betas.session_date
            and changes.known_at = betas.known_at
),

history as (
    select
        todays.underlying, todays.calendar, todays.session_date, todays.known_at,
        todays.sequence - past.sequence as age,
        past.iv30,
        case
            when todays.beta is null then past.d_iv
            else past.d_iv - todays.beta * markets.d_iv
        end as residual
    from todays
    cross join params
    inner join changes as past
        on
            todays.underlying = past.underlying
            and todays.calendar = past.calendar
            and past.sequence between todays.sequence - params.max_sessions and todays.sequence - 1
            and todays.known_at >= past.known_at
            and coalesce(todays.known_at < past.withdrawn_at, true)
    left join markets
        on
            todays.market = markets.underlying
            and past.session_date = markets.session_date
            and todays.known_at >= markets.known_at
            and coalesce(todays.known_at < markets.withdrawn_at, true)
),

medians as (
    select
        history.underlying, history.calendar, history.session_date, history.known_at,
        count(history.residual) as n_changes,
        median(history.residual) as middle,
        max(history.residual) as max_residual,
        sum(case when history.age <= params.max_mean_sessions then 1 else 0 end) as n_mean,
        sum(case
            when history.age <= params.max_mean_sessions then cast(history.iv30 as decimal(18, 9))
        end) as sum_iv30
    from history
    cross join params
    group by history.underlying, history.calendar, history.session_date, history.known_at
),

deviations as (
    select
        history.underlying, history.calendar, history.session_date, history.known_at,
        median(abs(history.residual - medians.middle)) as mad
    from history
    inner join medians
        on
            history.underlying = medians.underlying
            and history.calendar = medians.calendar
            and history.session_date = medians.session_date
            and history.known_at = medians.known_at
    group by history.underlying, history.calendar, history.session_date, history.known_at
)

select
    todays.underlying,
    todays.session_date,
    todays.known_at,
    todays.withdrawn_at,  -- when one of the two volatilities was corrected
    todays.closes_at,
    todays.iv30,  -- annualised fraction
    todays.previous_iv30,  -- a session before
    todays.iv30_error,  -- half of what lies between the volatilities of bid and ask
    round(todays.d_iv, 9) as d_iv,  -- the logarithm of their quotient
    todays.market,  -- SPX or SPY
    round(todays.market_d_iv, 9) as market_d_iv,  -- the market's change of that session
    todays.beta,  -- of the change on the market's
    todays.residual,  -- d_iv beyond the market's
    coalesce(medians.n_changes, 0) as n_changes,  -- in the 60 sessions before
    round(medians.middle, 9) as middle,  -- their median residual
    round(deviations.mad, 9) as mad,  -- the median of their distances from it
    round(medians.max_residual, 9) as max_residual,  -- the largest of them
    case
        when medians.n_changes >= params.min_changes
            then round(
                0.6745 * (todays.residual - medians.middle) / nullif(round(deviations.mad, 9), 0), 6
            )
    end as jump_z,  -- modified z of residual
    round(
        todays.iv30 * medians.n_mean / nullif(cast(medians.sum_iv30 as double), 0), 6
    ) as iv_ratio,  -- over the mean of the 20 sessions before; Donoho
    todays.near_iv,  -- Donoho's near-term volatility
    todays.vega_traded_usd,  -- USD per 1.00 of volatility
    todays.far_expiration,  -- of the later of the two expirations
    todays.previous_far_expiration,  -- a session before
    todays.previous_known_at,  -- when the volatility before became known
    todays.calendar
from todays
cross join params
left join medians
    on
        todays.underlying = medians.underlying
        and todays.calendar = medians.calendar
        and todays.session_date = medians.session_date
        and todays.known_at = medians.known_at
left join deviations
    on
        todays.underlying = deviations.underlying
        and todays.calendar = deviations.calendar
        and todays.session_date = deviations.session_date
        and todays.known_at = deviations.known_at
