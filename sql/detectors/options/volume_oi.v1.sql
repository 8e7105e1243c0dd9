-- rule:    A10
-- what:    More of an option traded in a session than was open of it the evening before.
-- grain:   one row per contract, session and screen, at the first moment at which it is reached
-- status:  live
-- every:   5m
-- needs:   1 session
-- misses:  options of coins, whose volumes are of 24 hours; who opened and who closed; contracts
--          whose open interest of the evening nobody told
-- noisy:   when a weekly is young, or a few desks trade one contract back and forth

with params as (
    select
        39 as max_0dte_score,  -- low: of what expires today all trades much more than is open
        19 as max_new_score,  -- a mention: of a new series everything is more than nothing
        79 as max_score  -- the rule book knows no critical one
),

-- Two origins may tell of one contract: each screen counts once, at its first moment.
ordered as (
    select
        *,
        max(screen) over (
            partition by contract, session_date order by known_at asc, screen desc, origin asc
            rows between unbounded preceding and 1 preceding
        ) as screen_before
    from features.volume_oi
),

fired as (
    select
        ordered.*,
        case  -- 20, 40, 60 and 79 at 1.25, 3, 10 and 100 times
            when ordered.vol_oi_ratio < 3 then 20 + (ordered.vol_oi_ratio - 1.25) * 80 / 7
            when ordered.vol_oi_ratio < 10 then 40 + (ordered.vol_oi_ratio - 3) * 20 / 7
            else least(79, 60 + (ordered.vol_oi_ratio - 10) * 19 / 90)
        end as ratio_score,
        case  -- 20, 40, 60 and 79 at 0, 100 k, 1 M and 20 M USD
            when ordered.premium_usd < 100_000 then 20 + ordered.premium_usd / 5_000
            when ordered.premium_usd < 1_000_000
                then 40 + (ordered.premium_usd - 100_000) / 45_000
            else least(79, 60 + (ordered.premium_usd - 1_000_000) / 1_000_000)
        end as usd_score,
        case
            when ordered.screen = 0 then params.max_new_score
            when ordered.is_0dte then params.max_0dte_score
            else params.max_score
        end as max_score
    from ordered
    cross join params
    where coalesce(ordered.screen > ordered.screen_before, true)
)

select
    underlying as entity,
    'underlying' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    cast(null as text) as direction,
    round(
        cast(
            case
                when screen = 0 then least(usd_score - 20, max_score)
                else least(ratio_score, usd_score, max_score)
            end as double
        ), 6
    ) as score,
    cast(0.5 + case when origin = 'trades' then 0.3 else 0 end as double) as confidence,
    premium_usd as notional_usd,
    contract || ': ' || cast(volume as bigint) || ' traded, '
    || case
        when screen = 0 then 'a new series'
        else
            cast(round(vol_oi_ratio, 1) as decimal(12, 1)) || ' times the '
            || cast(open_interest as bigint) || ' open'
    end as headline,
    to_json(struct_pack(
        contract := contract, session_date := session_date, origin := origin, screen := screen,
        volume := cast(volume as double), open_interest := cast(open_interest as double),
        oi_date := oi_date, vol_oi_ratio := vol_oi_ratio,
        last_price := cast(last_price as double), premium_usd := premium_usd,
        is_0dte := is_0dte, new_series := screen = 0
    )) as evidence,
    concat_ws(
        '|', 'options.volume_oi', underlying, contract,
        case screen
            when 0 then 'new' when 1 then 'screen' when 2 then 'threefold' else 'tenfold'
        end,
        session_date
    ) as alert_key
from fired
where known_at < (select clock.until from ops.clock as clock)
