-- what:    Packages of options: what their legs make, who paid, and what is left of them netted.
-- grain:   one row per package; side and net_premium_usd are null where nobody tells who bought,
--          premium_usd and net_price where the legs make no known type
-- status:  live
-- keep:    rolling
-- needs:   0s

with params as (
    select
        0.3 as min_delta_frac  -- rule book A15; below it the legs' deltas cancel out
),

opened as (
    select
        packages.*,
        params.min_delta_frac,
        packages.legs[1] as leg1, packages.legs[2] as leg2,
        packages.legs[3] as leg3, packages.legs[4] as leg4,
        packages.n_told = packages.n_legs as is_told
    from features.option_package_legs as packages
    cross join params
),

-- What contracts and sizes alone make; legs stand in the order of expiration, strike, right.
shaped as (
    select
        opened.*,
        case
            when opened.is_stock_tied then 'stock_tied'
            when not opened.has_ratio or opened.n_legs > 4 then 'other'
            when opened.n_legs = 2 and opened.leg1.put_call = opened.leg2.put_call
                then case
                    when opened.leg1.size <> opened.leg2.size then 'ratio'
                    when opened.leg1.expiration = opened.leg2.expiration then 'vertical'
                    when opened.leg1.strike = opened.leg2.strike then 'calendar'
                    else 'diagonal'
                end
            when
                opened.n_legs = 2
                and opened.leg1.expiration = opened.leg2.expiration
                and opened.leg1.size = opened.leg2.size
                then case
                    when opened.leg1.strike = opened.leg2.strike then 'straddle' else 'strangle'
                end
            when
                opened.n_legs = 3
                and opened.leg1.expiration = opened.leg3.expiration
                and opened.leg1.put_call = opened.leg2.put_call
                and opened.leg1.put_call = opened.leg3.put_call
                and opened.leg1.size = opened.leg3.size
                and 2 * opened.leg1.size = opened.leg2.size
                then 'butterfly'
            when
                opened.n_legs = 4
                and opened.leg1.expiration = opened.leg4.expiration
                and opened.leg1.size = opened.leg2.size
                and opened.leg1.size = opened.leg3.size
                and opened.leg1.size = opened.leg4.size
                then case concat_ws(
                    ' ', opened.leg1.put_call, opened.leg2.put_call,
                    opened.leg3.put_call, opened.leg4.put_call
                )
                    when 'call call call call' then 'condor'
                    when 'put put put put' then 'condor'
                    when 'put put call call' then 'iron_condor'
                    when 'put call put call'
                        then case
                            when opened.leg2.strike = opened.leg3.strike then 'iron_butterfly'
                            else 'other'
                        end
                    when 'call put call put'
                        then case
                            when
                                opened.leg1.strike = opened.leg2.strike
                                and opened.leg3.strike = opened.leg4.strike
                                then 'box'
                            else 'other'
                        end
                    else 'other'
                end
            else 'other'
        end as shape
    from opened
),

-- A call and a put count as bought together, unless it is known that one was sold. Of all other
-- shapes every second leg is on the other side, of four legs the two in the middle are.
related as (
    select
        shaped.*,
        case
            when shaped.shape not in ('straddle', 'strangle') then -1
            when shaped.is_told then shaped.leg1.side * shaped.leg2.side
            when shaped.leg1.edge_usd * shaped.leg2.edge_usd < 0 then -1
            else 1
        end as sign2,
        case when shaped.n_legs = 4 then -1 else 1 end as sign3
    from shaped
),

-- As if its first leg was bought.
summed as (
    select
        related.*,
        related.leg1.premium_usd + related.sign2 * related.leg2.premium_usd
        + coalesce(related.sign3 * related.leg3.premium_usd, 0)
        + coalesce(related.leg4.premium_usd, 0) as pattern_usd,
        related.leg1.edge_usd + related.sign2 * related.leg2.edge_usd
        + coalesce(related.sign3 * related.leg3.edge_usd, 0)
        + coalesce(related.leg4.edge_usd, 0) as pattern_edge_usd,
        related.leg1.delta * related.leg1.size
        + related.sign2 * related.leg2.delta * related.leg2.size
        + coalesce(related.sign3 * related.leg3.delta * related.leg3.size, 0)
        + coalesce(related.leg4.delta * related.leg4.size, 0) as pattern_delta,
        coalesce(
            related.leg1.side = related.sign2 * related.leg2.side
            and coalesce(related.leg1.side = related.sign3 * related.leg3.side, true)
            and coalesce(related.leg1.side = related.leg4.side, true), true
        ) as is_of_shape
    from related
),

-- Legs print where their package was priced, so that only all of them together tell a side.
sided as (
    select
        summed.*,
        case
            when summed.shape in ('stock_tied', 'other') then null
            when summed.is_told then case when summed.is_of_shape then summed.leg1.side end
            when summed.n_quoted = summed.n_legs
                then nullif(cast(sign(round(summed.pattern_edge_usd, 6)) as bigint), 0)
        end as first_side
    from summed
),

netted as (
    select
        sided.*,
        case
            when sided.is_told then sided.told_usd
            else sided.first_side * sided.pattern_usd
        end as net_usd,
        case
            when sided.is_told then abs(sided.told_usd)
            when sided.n_legs = 1 then sided.leg1.premium_usd
            when sided.shape not in ('stock_tied', 'other') then abs(sided.pattern_usd)
        end as residual_usd,
        case
            when sided.is_stock_tied or sided.n_deltas < sided.n_legs then null
            when sided.is_told then sided.told_delta
            else sided.first_side * sided.pattern_delta
        end as net_delta,
        case
            when
                sided.is_stock_tied and sided.n_legs = 1 and sided.leg1.put_call = 'call'
                and coalesce(sided.leg1.side, sided.leg1.edge_usd) < 0
                then 'buy_write'
            when sided.is_told and not sided.is_of_shape then 'other'
            when sided.shape = 'straddle' and sided.sign2 = -1 then 'synthetic'
            when sided.shape = 'strangle' and sided.sign2 = -1 then 'risk_reversal'
            else sided.shape
        end as package_type,
        case when sided.is_told then sided.leg1.side else sided.first_side end as side1,
        case
            when sided.is_told then sided.leg2.side else sided.first_side * sided.sign2
        end as side2,
        case
            when sided.is_told then sided.leg3.side else sided.first_side * sided.sign3
        end as side3,
        case when sided.is_told then sided.leg4.side else sided.first_side end as side4
    from sided
),

listed as (
    select
        netted.*,
        struct_pack(
            expiration := netted.leg1.expiration, strike := netted.leg1.strike,
            put_call := netted.leg1.put_call, contract := netted.leg1.contract,
            size := netted.leg1.size, price := netted.leg1.price,
            premium_usd := netted.leg1.premium_usd, edge_usd := netted.leg1.edge_usd,
            delta := netted.leg1.delta, side := netted.side1, trade_ids := netted.leg1.trade_ids
        ) as first_leg,
        struct_pack(
            expiration := netted.leg2.expiration, strike := netted.leg2.strike,
            put_call := netted.leg2.put_call, contract := netted.leg2.contract,
            size := netted.leg2.size, price := netted.leg2.price,
            premium_usd := netted.leg2.premium_usd, edge_usd := netted.leg2.edge_usd,
            delta := netted.leg2.delta, side := netted.side2, trade_ids := netted.leg2.trade_ids
        ) as second_leg,
        struct_pack(
            expiration := netted.leg3.expiration, strike := netted.leg3.strike,
            put_call := netted.leg3.put_call, contract := netted.leg3.contract,
            size := netted.leg3.size, price := netted.leg3.price,
            premium_usd := netted.leg3.premium_usd, edge_usd := netted.leg3.edge_usd,
            delta := netted.leg3.delta, side := netted.side3, trade_ids := netted.leg3.trade_ids
        ) as third_leg,
        struct_pack(
            expiration := netted.leg4.expiration, strike := netted.leg4.strike,
            put_call := netted.leg4.put_call, contract := netted.leg4.contract,
            size := netted.leg4.size, price := netted.leg4.price,
            premium_usd := netted.leg4.premium_usd, edge_usd := netted.leg4.edge_usd,
            delta := netted.leg4.delta, side := netted.side4, trade_ids := netted.leg4.trade_ids
        ) as fourth_leg
    from netted
)

select
    listed.package_id,
    listed.underlying,
    listed.venue,
    listed.started_at,  -- the first print of it
    listed.ended_at,  -- the last print of it
    listed.known_at,
    listed.session_date,
    listed.tier,  -- 1 told by a code or an id, 2 inferred from time and size
    listed.block_id,
    listed.package_type,  -- vertical, calendar, straddle, ...; docs/views.md lists them
    listed.n_legs,  -- different contracts
    listed.n_prints,  -- prints of all its legs
    listed.is_told,  -- the source tells each leg's side; else the price paid over the mids does
    case listed.n_legs
        when 1 then [listed.first_leg]
        when 2 then [listed.first_leg, listed.second_leg]
        when 3 then [listed.first_leg, listed.second_leg, listed.third_leg]
        when 4
            then [listed.first_leg, listed.second_leg, listed.third_leg, listed.fourth_leg]
        else listed.legs
    end as legs,  -- by expiration, strike and right; side is null where nobody tells it
    listed.size,  -- units of the package
    case
        when listed.has_ratio
            then concat_ws(
                ':', cast(listed.leg1.size / listed.size as bigint),
                cast(listed.leg2.size / listed.size as bigint),
                cast(listed.leg3.size / listed.size as bigint),
                cast(listed.leg4.size / listed.size as bigint),
                cast(listed.legs[5].size / listed.size as bigint),
                cast(listed.legs[6].size / listed.size as bigint)
            )
    end as ratio,  -- contracts of each leg a unit, 1:2:1
    cast(sign(listed.net_usd) as bigint)
        as side,  -- 1 who began it paid a debit, -1 took a credit; null where nobody tells
    round(
        listed.residual_usd / (cast(listed.size as double) * cast(listed.multiplier as double)), 6
    ) as net_price,  -- USD a unit, of what is left when the legs are netted; never below 0
    round(listed.residual_usd, 6) as premium_usd,  -- the same of the whole package
    round(listed.net_usd, 6) as net_premium_usd,  -- the same by side: a debit above 0
    listed.legs_premium_usd,  -- of all legs, whoever paid
    round(listed.net_delta / cast(listed.size as double), 6)
        as package_delta,  -- a unit's, by the legs' sides; null with a leg of stock
    case
        when listed.n_deltas = listed.n_legs
            then round(listed.legs_delta / cast(listed.size as double), 6)
    end as legs_delta,  -- a unit's, of each leg without its sign
    round(abs(listed.net_delta) - listed.min_delta_frac * listed.legs_delta, 9) >= 0
        as is_directional,  -- its legs' deltas do not cancel out
    round(
        listed.net_delta * cast(listed.multiplier as double)
        * cast(listed.underlying_price as double), 6
    ) as net_delta_usd,  -- its delta in USD of the underlying
    listed.underlying_price,
    listed.multiplier  -- units of the underlying a contract
from listed
