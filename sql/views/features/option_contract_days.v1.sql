-- what:    What traded of each option contract in a session, and its last price.
-- grain:   one row per session, contract and known_date; a print that was withdrawn on the same
--          UTC day is in no sum, and one that was withdrawn later is in all; what is told again on
--          another day counts again, so a session is the sum of its rows
-- status:  live
-- keep:    partials
-- needs:   0s

with prints as (
    select
        tape.*,
        cast(timezone('UTC', tape.known_at) as date) as known_date,
        cast(tape.size as bigint) as contracts,
        cast(tape.premium_usd as decimal(18, 2)) as usd,
        -- What had come by the close, and still stood.
        tape.known_at < sessions.closes_at
        and coalesce(tape.withdrawn_at >= sessions.closes_at, true) as is_by_close,
        coalesce(
            cast(timezone('UTC', tape.withdrawn_at) as date)
            > cast(timezone('UTC', tape.known_at) as date), true
        ) as is_standing,
        struct_pack(at := tape.traded_at, n := tape.sequence, id := tape.trade_id) as place,
        struct_pack(price := tape.price, traded_at := tape.traded_at) as told
    from curated.option_prints as tape
    inner join curated.us_sessions as sessions
        on tape.session_date = sessions.session_date and tape.calendar = 'XNYS'
    where
        tape.opt_trade_class in (
            'regular', 'auction', 'cross', 'floor', 'multi_leg', 'stock_tied', 'late'
        )
),

days as (
    select
        session_date, contract, known_date,
        min(underlying) as underlying,
        min(put_call) as put_call,
        min(expiration) as expiration,
        min(strike) as strike,
        max(known_at) as known_at,
        count(case when is_standing then 1 end) as n_trades,
        sum(case when is_standing then contracts else 0 end) as volume,
        sum(case when is_standing then usd else 0 end) as premium_usd,
        sum(case when is_by_close then contracts else 0 end) as close_volume,
        arg_max(
            told, case when is_standing and opt_trade_class in ('regular', 'auction') then place end
        ) as last_told
    from prints
    group by session_date, contract, known_date
)

select
    days.session_date,
    days.contract,
    days.known_date,  -- the UTC day on which these prints became known
    days.underlying,
    days.put_call,
    days.expiration,
    days.strike,
    days.known_at,
    days.n_trades,  -- prints
    cast(days.volume as bigint) as volume,  -- contracts
    cast(days.premium_usd as decimal(18, 2)) as premium_usd,
    cast(days.close_volume as bigint) as close_volume,  -- contracts that stood at the close
    days.last_told.price as last_price,  -- USD, of the last regular or auction print
    days.last_told.traded_at as last_traded_at  -- when that was
from days
