-- rule:    A12
-- what:    Open interest of one contract changed far more in a session than it usually does.
-- grain:   one row per contract and session; the first version that is unusual counts
-- status:  live
-- every:   1m
-- needs:   10 sessions
-- misses:  who traded, and rolls to another expiry; contracts whose interest hardly ever moved;
--          a figure more than 10 sessions late, or known before its session's chain was; contracts
--          that deliver something else than shares of one stock, whose worth nobody tells; the
--          ex-date of a split that is no whole number
-- noisy:   when a fund rolls on its calendar, or a dividend makes holders exercise

with params as (
    select
        5 as min_d_oi_rel,  -- the rule book's alert; Donoho's normalisation
        1_000 as min_abs_d_oi,  -- below it a change moves nobody's book
        1_000_000 as min_d_oi_usd,  -- worth a look at a large desk
        20 as full_baseline  -- below it the usual size is a rough guess
),

unusual as (
    select
        changes.*,
        params.full_baseline,
        greatest(changes.known_at, changes.closes_at) as fired_at,
        not changes.oi_exceeds_volume and not changes.exercise_or_expiry as is_traded,
        case  -- 20, 40, 60 and 79 at 5, 10, 20 and 39 times the usual change
            when changes.d_oi_rel < 10 then 20 + (changes.d_oi_rel - 5) * 4
            when changes.d_oi_rel < 20 then 40 + (changes.d_oi_rel - 10) * 2
            else least(79, 60 + (changes.d_oi_rel - 20))
        end as rel_score,
        case  -- 20, 40, 60 and 79 at 1 M, 5 M, 25 M and 120 M USD
            when changes.d_oi_usd < 5_000_000
                then 20 + (changes.d_oi_usd - 1_000_000) / 200_000
            when changes.d_oi_usd < 25_000_000
                then 40 + (changes.d_oi_usd - 5_000_000) / 1_000_000
            else least(79, 60 + (changes.d_oi_usd - 25_000_000) / 5_000_000)
        end as usd_score,
        case when changes.n_baseline < params.full_baseline then 39 else 79 end as max_score
    from features.oi_change as changes
    cross join params
    where
        changes.d_oi_rel >= params.min_d_oi_rel
        and abs(changes.d_oi) >= params.min_abs_d_oi
        and changes.d_oi_usd >= params.min_d_oi_usd
        -- What has expired when it is told, on a Saturday too, has no position left to speak of.
        and changes.expiration >= changes.next_date
        and not changes.is_adjusted
),

fired as (
    select *
    from unusual
    where coalesce(fired_at < withdrawn_at, true)
    qualify row_number() over (partition by contract, oi_date order by known_at) = 1
)

select
    underlying as entity,
    'underlying' as entity_type,
    closes_at as happened_at,
    fired_at,
    cast(null as text) as direction,
    round(
        cast(greatest(0, least(rel_score, usd_score, max_score)) as double), 6
    ) as score,
    -- A change that the session's trades can explain is better evidence than one they can't.
    cast(
        0.4
        + case when n_baseline >= full_baseline then 0.3 else 0 end
        + case when is_traded then 0.3 else 0 end as double
    ) as confidence,
    d_oi_usd as notional_usd,
    contract || ': open interest ' || case when d_oi > 0 then '+' else '' end
    || cast(d_oi as bigint) || ' to ' || cast(open_interest as bigint) || ', '
    || cast(round(d_oi_rel) as bigint) || ' times its usual change' as headline,
    to_json(struct_pack(
        contract := contract, oi_date := oi_date, d_oi := cast(d_oi as double),
        open_interest := cast(open_interest as double),
        previous_open_interest := cast(previous_open_interest as double), d_oi_pct := d_oi_pct,
        d_oi_rel := d_oi_rel, mean_abs_d_oi := mean_abs_d_oi, n_baseline := n_baseline,
        short_history := n_baseline < full_baseline, mz60 := mz60, mid := cast(mid as double),
        multiplier := cast(multiplier as double), volume := cast(volume as double),
        open_ratio := open_ratio, open_close_label := open_close_label,
        oi_exceeds_volume := oi_exceeds_volume, exercise_or_expiry := exercise_or_expiry,
        previous_contract := previous_contract, d_oi_usd := d_oi_usd,
        d_oi_delta_usd := d_oi_delta_usd
    )) as evidence,
    concat_ws('|', 'options.oi_change', underlying, contract, oi_date) as alert_key
from fired
where fired_at < (select clock.until from ops.clock as clock)
