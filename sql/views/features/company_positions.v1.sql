-- rule:    D1, D2
-- what:    What each manager held of a company, all classes of its stock together, and changed.
-- grain:   one row per manager, quarter, company and version, as in features.holder_positions; what
--          rests on the quarter before is null while the manager has no report of it
-- status:  live
-- misses:  what curated.share_classes does; puts and calls; how much was traded by a manager that
--          exchanged one class wholly for another

-- Shares of two classes are no sum: one of BRK.A is 1,500 of BRK.B, and what one of another company
-- is of its other class only prices tell. So classes meet in dollars. That a price alone moves
-- nothing, shares before and after are both worth the mean of both ends' prices.
with params as (
    select 0.005 as max_unchanged_frac  -- rule book D2; less is rounding and fees
),

classes as (
    select
        positions.*,
        coalesce(classes_told.company, positions.cusip) as company,
        positions.shares > 0 as is_held,
        coalesce(positions.prev_shares > 0, false) as was_held,
        cast(positions.prev_shares as double) * positions.mean_price_usd as prev_worth_usd,
        (cast(positions.shares as double) + cast(positions.prev_shares as double)) / 2
            as mean_shares
    from features.holder_positions as positions
    left join curated.share_classes as classes_told
        on
            positions.cusip = classes_told.cusip
            and positions.known_at >= classes_told.known_at
            and coalesce(positions.known_at < classes_told.withdrawn_at, true)
    where positions.put_call is null and positions.share_type = 'SH'
),

parts as (
    select
        *,
        is_held and was_held as is_kept,
        mean_shares * value_usd / nullif(cast(shares as double), 0) as worth1_usd,
        mean_shares * prev_value_usd / nullif(cast(prev_shares as double), 0) as worth0_usd
    from classes
    where is_held or was_held
),

summed as (
    select
        cik, period_end, known_at, company,
        max(manager) as manager,
        max(withdrawn_at) as withdrawn_at,
        max(accession_no) as accession_no,
        max(previous_accession_no) as previous_accession_no,
        max(case when is_partial then 1 else 0 end) = 1 as is_partial,
        arg_max(ticker, struct_pack(v := greatest(value_usd, prev_value_usd), id := cusip))
            as ticker,
        min(issuer) as issuer,
        sum(case when is_held then 1 else 0 end) as n_classes,
        sum(case when was_held then 1 else 0 end) as n_prev_classes,
        sum(case when is_kept then 1 else 0 end) as n_kept,
        sum(cast(value_usd as decimal(28, 2))) as value_usd,
        sum(cast(prev_value_usd as decimal(28, 2))) as prev_value_usd,
        sum(portfolio_frac) as portfolio_frac,
        sum(prev_portfolio_frac) as prev_portfolio_frac,
        sum(cast(case when is_kept then trade_effect_usd end as decimal(28, 2))) as kept_trade_usd,
        sum(cast(case when is_kept then prev_worth_usd end as decimal(28, 2))) as kept_worth_usd,
        sum(cast(case when not was_held then value_usd else 0 end as decimal(28, 2)))
            as opened_usd,
        sum(cast(case when not is_held then prev_value_usd else 0 end as decimal(28, 2)))
            as closed_usd,
        -- What the classes that it kept cost after, of what they cost before.
        cast(sum(cast(case when is_kept then worth1_usd end as decimal(28, 2))) as double)
        / nullif(
            cast(sum(cast(case when is_kept then worth0_usd end as decimal(28, 2))) as double), 0
        ) as price_ratio
    from parts
    group by cik, period_end, known_at, company
),

-- A class that it opened or closed has one end's price alone: the others' move tells the mean.
worths as (
    select
        *,
        case
            when previous_accession_no is null then null
            when n_kept > 0
                then
                    cast(kept_worth_usd as double)
                    + cast(closed_usd as double) * coalesce((1 + price_ratio) / 2, 1)
            when n_classes = 0 then cast(closed_usd as double)
        end as prev_worth_usd,
        case
            when previous_accession_no is null then null
            when n_kept > 0
                then
                    cast(kept_trade_usd as double)
                    + cast(opened_usd as double) * coalesce((1 + 1 / nullif(price_ratio, 0)) / 2, 1)
                    - cast(closed_usd as double) * coalesce((1 + price_ratio) / 2, 1)
            when n_classes = 0 then -cast(closed_usd as double)
            when n_prev_classes = 0 then cast(opened_usd as double)
        end as trade_usd
    from summed
),

measured as (
    select
        *,
        trade_usd / nullif(prev_worth_usd, 0) as change
    from worths
)

select
    measured.cik,
    measured.manager,
    measured.company,  -- the first six of a CUSIP; the CUSIP of what is no class of a stock
    measured.ticker,  -- of the class that it holds most of
    measured.issuer,
    measured.period_end,
    cast(measured.n_classes as bigint) as n_classes,  -- that it holds
    cast(measured.n_prev_classes as bigint) as n_prev_classes,  -- that it held a quarter before
    cast(measured.value_usd as double) as value_usd,  -- USD, at the quarter's end
    case
        when measured.previous_accession_no is not null
            then cast(measured.prev_value_usd as double)
    end as prev_value_usd,  -- USD, a quarter before
    case
        when measured.previous_accession_no is null then null
        when measured.n_prev_classes = 0 then 'new'
        when measured.n_classes = 0 then 'sold_out'
        when measured.n_kept = 0 then 'exchanged'
        when abs(measured.change) <= params.max_unchanged_frac then 'unchanged'
        when measured.change > 0 then 'increased'
        else 'decreased'
    end as holder_change,  -- as in features.holder_changes; exchanged: other classes than before
    round(measured.trade_usd, 2) as trade_effect_usd,  -- of all classes, at mean prices
    round(measured.prev_worth_usd, 2) as prev_worth_usd,  -- what it had before, at mean prices
    round(measured.change, 6) as change_frac,  -- the one of the other; null where it had none
    round(measured.portfolio_frac, 9) as portfolio_frac,  -- of the table's value
    round(measured.prev_portfolio_frac, 9) as prev_portfolio_frac,  -- of the previous table's value
    measured.is_partial,
    measured.accession_no,
    measured.previous_accession_no,
    measured.known_at,
    measured.withdrawn_at
from measured
cross join params
