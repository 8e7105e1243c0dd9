-- rule:    D2
-- what:    What each manager's position in a security did between two quarters that both report.
-- grain:   one row per manager, quarter, security (CUSIP, put_call, share_type) and version; a new
--          version comes with each amendment of either quarter; effects are null where the shares
--          are 0 on both sides
-- status:  live
-- misses:  a CUSIP that changed; a quarter whose original report is not in the store; a split that
--          was told later than both reports

with params as (
    select 0.005 as max_unchanged_frac  -- rule book D2; less is rounding and fees
)

select
    positions.cik,
    positions.manager,
    positions.cusip,
    positions.ticker,
    positions.period_end,
    positions.shares,  -- at the quarter's end; principal in USD where share_type is PRN
    positions.prev_shares,  -- at the quarter's end before, in shares of this one's
    positions.d_shares,  -- shares less prev_shares
    case
        when positions.prev_shares = 0 and positions.shares > 0 then 'new'
        when positions.prev_shares > 0 and positions.shares = 0 then 'sold_out'
        when abs(positions.d_shares) <= params.max_unchanged_frac * positions.prev_shares
            then 'unchanged'
        when positions.d_shares > 0 then 'increased'
        else 'decreased'
    end as holder_change,  -- new, increased, decreased, sold_out or unchanged
    positions.known_at,  -- when the later of the two quarters' tables became known
    positions.withdrawn_at,  -- when an amendment of either quarter became known
    positions.value_usd,  -- USD, at the quarter's end
    positions.prev_value_usd,  -- USD, at the quarter's end before
    round(positions.value_usd - positions.prev_value_usd, 6)
        as value_change_usd,  -- price_effect_usd and trade_effect_usd together
    positions.trade_effect_usd,  -- change of shares at the mean of both ends' prices
    round(positions.value_usd - positions.prev_value_usd - positions.trade_effect_usd, 6)
        as price_effect_usd,  -- what is left: the price's doing
    round(
        cast(positions.d_shares as double) / nullif(cast(positions.prev_shares as double), 0), 6
    ) as change_frac,  -- of the shares before; null where there were none
    positions.portfolio_frac,  -- of the table's value
    positions.prev_portfolio_frac,  -- of the previous table's value
    positions.put_call,
    positions.share_type,
    positions.issuer,
    positions.split_ratio,  -- shares that one of the quarter before became; 1 without a split
    positions.mean_price_usd,  -- of both quarters' ends, a share of this one's
    positions.is_partial,  -- true: another manager reports a part in one of the two quarters
    positions.previous_period_end,  -- the quarter's end three months before
    positions.accession_no,
    positions.previous_accession_no,  -- the filing that the previous quarter rests on
    positions.period_ended_at  -- the moment at which the quarter ended
from features.holder_positions as positions
cross join params
where positions.prev_shares is not null
