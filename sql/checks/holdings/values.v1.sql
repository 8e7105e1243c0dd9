-- what:     Positions of 13F tables that are worth half as much more or less without a trade.
-- grain:    one row per manager, quarter, security (CUSIP) and version
-- status:   live
-- every:    1d
-- severity: low
-- needs:    0s
-- misses:   a price that was typed wrongly in both quarters
-- noisy:    when a stock moved so far and fewer than three others report it

with params as (
    select
        0.5 as max_change_frac,  -- of the value a quarter before, rule book D1
        3 as min_others,  -- rows that tell how far the price moved
        1.5 as max_gap,  -- a factor from the middle of them
        1_000_000 as min_value_usd  -- less changes nothing; a guess
),

kept as (
    select
        changes.*,
        ln(changes.value_usd / changes.prev_value_usd) as log_move
    from features.holder_changes as changes
    where
        changes.holder_change = 'unchanged' and changes.put_call is null
        and changes.share_type = 'SH' and changes.value_usd > 0 and changes.prev_value_usd > 0
),

moves as (
    select
        cusip, period_end,
        median(log_move) as log_move,
        count(*) as n_rows
    from kept
    where withdrawn_at is null
    group by cusip, period_end
)

select
    'holdings' as dataset,
    'cik:' || kept.cik as entity,
    kept.known_at,
    'as many shares of ' || coalesce(kept.ticker, kept.cusip) || ' as before, worth '
    || cast(round(kept.value_usd) as bigint) || ' and not '
    || cast(round(kept.prev_value_usd) as bigint) || ' USD' as reason,
    to_json(struct_pack(
        accession_no := kept.accession_no, previous_accession_no := kept.previous_accession_no,
        cusip := kept.cusip, period_end := kept.period_end, value_usd := kept.value_usd,
        prev_value_usd := kept.prev_value_usd, n_others := moves.n_rows
    )) as evidence
from kept
cross join params
left join moves on kept.cusip = moves.cusip and kept.period_end = moves.period_end
where
    greatest(kept.value_usd, kept.prev_value_usd) >= params.min_value_usd
    and abs(kept.value_usd / kept.prev_value_usd - 1) > params.max_change_frac
    and coalesce(
        moves.n_rows < params.min_others
        or abs(kept.log_move - moves.log_move) > ln(params.max_gap), true
    )
