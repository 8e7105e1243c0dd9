"""What the page of options flow asks; `$name` is a setting of the page."""

# The name that charts are of: the symbol, else the only ticker, else the row that was opened last.
_OF = """coalesce(
        $symbol, case when len(cast($symbols as text[])) = 1 then $symbols[1] end, $of
    )"""
_LET_THROUGH = """($symbol is null or upper(underlying) = $symbol)
    and ($symbols is null or list_contains(cast($symbols as text[]), upper(underlying)))
    and (
        $not_symbols is null
        or not list_contains(cast($not_symbols as text[]), upper(underlying))
    )"""

TAPE = f"""
select
    happened_at, underlying, direction, contract, premium_usd, dte, parent_kind, price_bucket,
    size, price, underlying_price, otm_pct, volume, open_interest, vol_oi_ratio, iv, delta,
    session_date, expiration, strike, put_call, package_type, opt_trade_class, n_exchanges,
    n_prints, legs_premium_usd, parent_id, len(legs) as n_legs,
    coalesce(contract, array_to_string([leg.contract for leg in legs], ',')) as contracts
from reports.option_flow
where
    {_LET_THROUGH}
    and ($put_call is null or put_call = $put_call)
    and ($premium is null or coalesce(premium_usd, legs_premium_usd) >= $premium)
    and ($dte is null or dte >= $dte)
    and ($dte_to is null or dte <= $dte_to)
    and ($otm is null or otm_pct >= $otm)
    and ($vol_oi is null or vol_oi_ratio >= $vol_oi)
    and case $side
        when 'ask' then price_bucket in ('at_ask', 'above_ask')
        when 'bid' then price_bucket in ('at_bid', 'below_bid')
        else $side is null or direction = $side
    end
    and (
        not ($sweep or $block or $floor)
        or ($sweep and parent_kind = 'sweep')
        or ($block and parent_kind = 'block')
        or ($floor and opt_trade_class = 'floor')
    )
    and ($multi is null or (parent_kind = 'package') = ($multi = 'only'))
    and (not $opening or size > open_interest)
order by happened_at desc, parent_id
"""
PRINTS = """
select
    traded_at, venue, case side when 1 then 'buy' when -1 then 'sell' end as side, size, price,
    bid, ask, price_bucket, premium_usd, contract, opt_trade_class, is_iso, underlying_price,
    withdrawn_at, print_id, underlying
from reports.option_flow_prints
where parent_id = $parent
order by traded_at, print_id
"""
DAYS = """
select
    session_date, contract, volume, d_oi, open_ratio, verdict, previous_open_interest,
    open_interest, mid, judged_at
from reports.contract_days
where list_contains(string_split($contracts, ','), contract)
order by session_date desc, contract
"""
NAMES = f"""
select
    underlying, call_premium_usd, put_premium_usd,
    bull_premium_usd - bear_premium_usd as net_premium_usd,
    n_call_orders, n_put_orders, n_bull_sweeps, n_bear_sweeps
from reports.option_premiums
where
    {_LET_THROUGH}
qualify session_date = max(session_date) over ()
order by call_premium_usd + put_premium_usd desc, underlying
"""
PREMIUM = f"""
select minute_at, underlying, net_call_usd, net_put_usd, net_premium_usd, premium_usd, price
from reports.option_minutes
where underlying = {_OF}
qualify session_date = max(session_date) over ()
order by minute_at
"""
STRIKES = f"""
select
    strikes.strike, strikes.call_open_interest, strikes.put_open_interest, strikes.call_volume,
    strikes.put_volume, strikes.underlying_price as spot, strikes.underlying,
    strikes.expiration, strikes.session_date,
    max(pain.strike) over () as max_pain
from reports.option_strikes as strikes
left join (
    select *
    from reports.max_pain
    where $expiration is not null and is_max_pain and underlying = {_OF}
) as pain
    on
        strikes.underlying = pain.underlying
        and strikes.session_date = pain.session_date
        and strikes.expiration = pain.expiration
        and strikes.strike = pain.strike
where
    strikes.underlying = {_OF}
    and strikes.expiration is not distinct from cast($expiration as date)
qualify strikes.session_date = max(strikes.session_date) over ()
order by strikes.strike
"""
EXPIRATIONS = f"""
select
    positioning.expiration, positioning.dte, pain.strike as max_pain,
    positioning.call_open_interest, positioning.put_open_interest,
    positioning.pcr_open_interest, positioning.call_strike, positioning.put_strike,
    positioning.call_volume, positioning.put_volume, positioning.pcr, positioning.session_date
from reports.option_positioning as positioning
left join reports.max_pain as pain
    on
        positioning.underlying = pain.underlying
        and positioning.session_date = pain.session_date
        and positioning.expiration = pain.expiration
        and pain.is_max_pain
        and pain.underlying = {_OF}
where positioning.underlying = {_OF}
qualify positioning.session_date = max(positioning.session_date) over ()
order by positioning.expiration
"""
GAMMA = f"""
select
    strike, underlying, session_date, cast($expiration as date) as expiration, spot, gamma_flip,
    sum(gex_usd_1pct) as gex_usd_1pct, total_gex_usd_1pct,
    max(case when bool_or(is_call_wall) then strike end) over () as call_wall,
    max(case when bool_or(is_put_wall) then strike end) over () as put_wall,
    sign_convention
from reports.gamma_exposure
where
    underlying = {_OF}
    and ($expiration is null or expiration = cast($expiration as date))
group by strike, underlying, session_date, spot, gamma_flip, total_gex_usd_1pct, sign_convention
qualify session_date = max(session_date) over ()
order by strike
"""
MOVERS = f"""
select
    underlying, contract, d_oi, open_interest, d_oi_pct, d_oi_usd, d_oi_delta_usd, volume,
    open_close_label, roll_contract, oi_date
from reports.oi_movers
where
    {_LET_THROUGH}
qualify oi_date = max(oi_date) over ()
order by usd_rank nulls last, delta_rank, contract
"""
RATES = """
select tag_kind, n, n_opened, n_closed, n_mixed, hit_frac, base_frac, first_session, last_session
from reports.open_close_rates
order by n desc, tag_kind
"""
QUALITY = """
select
    session_date, source, n_trades, unsided_frac, multileg_frac, n_quoted, n_crossed, n_cancels,
    n_unmatched_cancels, n_withdrawn, n_unknown_conditions, unknown_conditions
from reports.option_quality
order by session_date desc, source
"""
# Names of coins have a venue, and are in no list of stocks.
UNKNOWN = """
with asked as (
    select distinct unnest(
        list_concat(
            [cast($symbol as text)], cast($symbols as text[]), cast($not_symbols as text[])
        )
    ) as asked
)

select
    asked.asked,
    arg_max(known.symbol, jaro_winkler_similarity(known.symbol, asked.asked)) as nearest
from asked
cross join reports.symbols as known
where asked.asked is not null and asked.asked not like '%:%'
group by asked.asked
having not bool_or(known.symbol = asked.asked)
order by asked.asked
"""
