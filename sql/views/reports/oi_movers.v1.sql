-- rule:    A12
-- what:    The largest changes of open interest of each session, in dollars and in shares.
-- grain:   one row per contract and session that is among the first 50 of either, as it stands
-- status:  live
-- needs:   1 session

with params as (
    select
        50 as n_movers,  -- a page; rule book A12
        0.2 as max_roll_gap  -- what leaves one expiration and enters another, about
),

changes as (
    select *
    from features.oi_change
    where withdrawn_at is null and d_oi <> 0
),

ranked as (
    select
        *,
        row_number() over (
            partition by oi_date order by d_oi_usd desc nulls last, contract asc
        ) as usd_rank,
        row_number() over (
            partition by oi_date order by abs(d_oi_delta_usd) desc nulls last, contract asc
        ) as delta_rank
    from changes
),

movers as (
    select ranked.*
    from ranked
    cross join params
    where
        (ranked.usd_rank <= params.n_movers and ranked.d_oi_usd is not null)
        or (ranked.delta_rank <= params.n_movers and ranked.d_oi_delta_usd is not null)
),

-- The same strike of another expiration that moved as far the other way.
rolls as (
    select
        movers.contract, movers.oi_date,
        arg_min(
            counterparts.contract,
            struct_pack(
                gap := abs(movers.d_oi + counterparts.d_oi), contract := counterparts.contract
            )
        ) as roll_contract
    from movers
    cross join params
    inner join changes as counterparts
        on
            movers.underlying = counterparts.underlying
            and movers.oi_date = counterparts.oi_date
            and movers.strike = counterparts.strike
            and movers.put_call = counterparts.put_call
            and movers.expiration <> counterparts.expiration
            and sign(movers.d_oi) <> sign(counterparts.d_oi)
            and abs(movers.d_oi + counterparts.d_oi) <= params.max_roll_gap * abs(movers.d_oi)
    group by movers.contract, movers.oi_date
)

select
    movers.oi_date,  -- the session of the change
    movers.usd_rank,  -- by d_oi_usd
    movers.delta_rank,  -- by the size of d_oi_delta_usd
    movers.underlying, movers.contract, movers.expiration, movers.strike, movers.put_call,
    movers.d_oi,  -- contracts
    movers.open_interest, movers.previous_open_interest,
    movers.d_oi_pct,  -- percent of what was open; null below 100 contracts
    movers.d_oi_usd,  -- what the change costs at mid
    movers.d_oi_delta_usd,  -- the shares that it stands for, signed
    movers.d_oi_rel,  -- times the usual change
    movers.mz60,  -- modified z of d_oi in its quarter
    movers.volume, movers.open_ratio, movers.open_close_label,
    movers.exercise_or_expiry, movers.oi_exceeds_volume,
    rolls.roll_contract,  -- another expiration that moved as far the other way; null where none did
    movers.mid, movers.underlying_price, movers.is_adjusted, movers.known_at
from movers
left join rolls
    on movers.contract = rolls.contract and movers.oi_date = rolls.oi_date
