-- what:    Calls against puts of each expiration: what is open and traded, and the largest strikes.
-- grain:   one row per underlying, session and expiration; without adjusted contracts and symbols
--          that a split left behind; the newest session only once its chains are whole
-- status:  live
-- needs:   1 sessions, 25 sessions of ops.completeness

with whole as (
    select
        calendar, session_date, is_complete, is_newest,
        max(case when is_newest and not is_complete then complete_date end) over of_calendar
            as stand_in_date
    from ops.completeness
    where dataset = 'option_chains'
    window of_calendar as (partition by calendar)
),

contracts as (
    select
        *,
        case when put_call = 'call' then open_interest end as call_interest,
        case when put_call = 'put' then open_interest end as put_interest
    from curated.option_chains
    where withdrawn_at is null and not is_dead and not is_adjusted
),

marked as (
    select
        contracts.*,
        coalesce(whole.is_complete, true) as is_complete,
        coalesce(contracts.session_date = whole.stand_in_date, false) as is_stand_in
    from contracts
    left join whole
        on contracts.calendar = whole.calendar and contracts.session_date = whole.session_date
    where coalesce(whole.is_complete or not whole.is_newest, true)
)

select
    underlying, session_date, expiration,
    expiration - session_date as dte,  -- days
    cast(sum(call_interest) as double) as call_open_interest,  -- contracts
    cast(sum(put_interest) as double) as put_open_interest,  -- contracts
    round(
        cast(sum(put_interest) as double) / nullif(cast(sum(call_interest) as double), 0), 6
    ) as pcr_open_interest,  -- puts over calls
    cast(sum(case when put_call = 'call' then volume end) as double) as call_volume,  -- contracts
    cast(sum(case when put_call = 'put' then volume end) as double) as put_volume,  -- contracts
    round(
        cast(sum(case when put_call = 'put' then volume end) as double)
        / nullif(cast(sum(case when put_call = 'call' then volume end) as double), 0), 6
    ) as pcr,  -- put volume over call volume
    arg_max(strike, struct_pack(open_interest := call_interest, strike := -strike))
    filter (where call_interest > 0) as call_strike,  -- with the most calls open
    cast(max(call_interest) as double) as call_strike_open_interest,  -- contracts
    arg_max(strike, struct_pack(open_interest := put_interest, strike := strike))
    filter (where put_interest > 0) as put_strike,  -- with the most puts open
    cast(max(put_interest) as double) as put_strike_open_interest,  -- contracts
    arg_max(underlying_price, struct_pack(at := known_at, contract := contract))
        as underlying_price,  -- USD
    max(oi_date) as oi_date,  -- the session after which it was open
    max(known_at) as known_at,
    any_value(is_complete)
        as is_complete,  -- its session's chains are whole, as far as their usual number tells
    any_value(is_stand_in)
        as is_stand_in  -- the last whole session, in place of a newer one that is not whole yet
from marked
group by underlying, session_date, expiration
