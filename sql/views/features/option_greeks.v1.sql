-- rule:    A4
-- what:    Implied volatility and greeks of each row of an option chain: the source's own, ours
--          beside them, and the one to use.
-- grain:   one row per contract, session and version of its chain's row; ours are null where the
--          model has not run, and where iv_status says why there is none
-- status:  live
-- needs:   0s

with params as (
    select
        0.01 as min_iv,  -- a source writes 0 or a hair for none; rule book A4
        5 as max_iv  -- and anything for what is deep in the money; rule book A4
),

-- Another solver's row of the same snapshot takes the place of the one before.
numbered as (
    select
        *,
        row_number() over (
            partition by contract, session_date, snapshot_at order by recorded_at desc, load_id desc
        ) as age
    from raw.option_greeks
),

solved as (
    select * from numbered
    where age = 1 and not is_gone
),

rows_with_both as (
    select
        terms.*,
        solved.iv_status, solved.model, solved.years, solved.spot, solved.forward,
        solved.forward_source, solved.rate, solved.rate_source, solved.dividend_yield,
        solved.iv as model_iv,
        solved.delta as model_delta,
        solved.gamma as model_gamma,
        solved.vega as model_vega,
        solved.theta as model_theta,
        case when terms.iv between params.min_iv and params.max_iv then terms.iv end as source_iv
    from curated.option_terms as terms
    cross join params
    left join solved
        on
            terms.contract = solved.contract
            and terms.session_date = solved.session_date
            and terms.known_at = solved.snapshot_at
)

select
    session_date,
    underlying,
    contract,
    expiration,
    strike,
    put_call,
    bid,
    ask,
    mid,
    coalesce(model_iv, source_iv) as iv,  -- ours, the same of all sources; else the source's
    case when model_iv is not null then model_delta when source_iv is not null then delta end
        as delta,  -- of the same origin as iv
    case when model_iv is not null then model_gamma when source_iv is not null then gamma end
        as gamma,
    case when model_iv is not null then model_vega when source_iv is not null then vega end as vega,
    case when model_iv is not null then model_theta when source_iv is not null then theta end
        as theta,
    case
        when model_iv is not null then 'model'
        when source_iv is not null then 'source'
    end as iv_origin,  -- model or source; null where neither has one
    iv_status,  -- of ours: ok, or why there is none; null where the model has not run
    source_iv,  -- as the source told it, 0.01 to 5; else null
    delta as source_delta,  -- as the source told it, per USD of the underlying
    gamma as source_gamma,  -- per USD of the underlying
    vega as source_vega,  -- USD per 1.00 of volatility
    theta as source_theta,  -- USD a year
    model_iv,  -- ours; null unless iv_status is ok
    model_delta,  -- per USD of the underlying
    model_gamma,  -- per USD of the underlying
    model_vega,  -- USD per 1.00 of volatility
    model_theta,  -- USD a year
    model,  -- black, qd_fp or fd
    years,  -- from the quote to the settlement, of 365 days
    underlying_price,  -- USD
    forward,  -- USD, of the settlement
    forward_source,  -- parity, or spot: with its declared dividends
    rate,  -- a year, continuously compounded
    rate_source,  -- treasury, or default where no curve was known
    dividend_yield,  -- a year, that makes the forward of the spot
    exercise_style,
    settles_at,
    known_at,
    withdrawn_at,
    calendar,
    source,
    is_adjusted,  -- it delivers something else than its root's shares
    volume,  -- contracts, up to the snapshot
    open_interest,  -- contracts, of the evening before
    multiplier  -- units of the underlying a contract
from rows_with_both
