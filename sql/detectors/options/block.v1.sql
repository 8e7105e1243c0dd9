-- rule:    A14
-- what:    One large print of an option that is no part of a run: on a book, in an auction, crossed
--          or on a floor.
-- grain:   one row per print; of its versions the first that is large
-- status:  live
-- every:   5s
-- needs:   92s
-- misses:  prints on a book that are reported over a second late, and any over 90 s; packages; who
--          began a cross, and mostly who began a print on a floor
-- noisy:   when a broker crosses one customer's order with another's; when a mistake is cancelled a
--          moment later

with params as (
    select
        100 as min_size,  -- public code's number of contracts
        100_000 as min_premium_usd,  -- rule book A14; a guess
        interval 100 milliseconds as max_gap,  -- of a run, as in features.option_parents
        interval 1 second as max_run_delay,  -- of a run's reports, as there
        interval 90 seconds as max_report_delay  -- what the exchanges' rules give a floor
),

classed as (
    select
        trades.*,
        params.max_gap,
        trades.venue || ':' || trades.trade_id as print_id,
        trades.opt_trade_class = 'regular'
        or (trades.opt_trade_class = 'auction' and trades.is_iso) as is_of_runs,
        trades.traded_at + params.max_run_delay as reported_at,
        trades.traded_at + params.max_report_delay as latest_at
    from curated.option_trades as trades
    cross join params
    where trades.opt_trade_class in ('regular', 'auction', 'cross', 'floor')
),

-- Whether a print on a book stands alone is known once reports are in; the others do by themselves.
prints as (
    select
        *,
        case when is_of_runs then reported_at + max_gap else known_at end as fired_at
    from classed
    where
        case
            when is_of_runs
                then known_at <= reported_at and coalesce(withdrawn_at > reported_at, true)
            else known_at <= latest_at and coalesce(withdrawn_at > known_at, true)
        end
),

-- Only these few have to be put in order.
busy as (
    select prints.contract
    from prints
    cross join params
    where prints.size >= params.min_size and prints.premium_usd >= params.min_premium_usd
    group by prints.contract
),

steps as (
    select
        prints.*,
        coalesce(
            lag(prints.traded_at) over in_order + prints.max_gap < prints.traded_at, true
        ) as is_first,
        coalesce(
            lead(prints.traded_at) over in_order > prints.traded_at + prints.max_gap, true
        ) as is_last
    from prints
    inner join busy on prints.contract = busy.contract
    window
        in_order as (
            partition by prints.contract, prints.side, prints.is_of_runs
            order by prints.traded_at, prints.sequence, prints.print_id
        )
),

blocks as (
    select
        steps.*,
        case when steps.opt_trade_class <> 'cross' then steps.side end as block_side,
        coalesce(
            steps.side = case
                when steps.price_bucket in ('at_ask', 'above_ask') then 1
                when steps.price_bucket in ('at_bid', 'below_bid') then -1
            end, false
        ) as is_through,
        row_number() over (
            partition by steps.contract, steps.print_id order by steps.fired_at, steps.known_at
        ) as nth
    from steps
    cross join params
    where
        steps.size >= params.min_size
        and steps.premium_usd >= params.min_premium_usd
        and (not steps.is_of_runs or (steps.is_first and steps.is_last))
),

fired as (
    select
        *,
        case  -- 20, 40, 60, 80 and 100 at 50 k, 250 k, 1 M, 10 M and 100 M USD
            when premium_usd < 250_000 then 15 + premium_usd / 10_000
            when premium_usd < 1_000_000 then 40 + (premium_usd - 250_000) / 37_500
            when premium_usd < 10_000_000 then 60 + (premium_usd - 1_000_000) / 450_000
            else least(100, 80 + (premium_usd - 10_000_000) / 4_500_000)
        end as score
    from blocks
    where nth = 1
)

select
    underlying as entity,
    'underlying' as entity_type,
    traded_at as happened_at,
    fired_at,
    case
        when block_side is null then null
        when (block_side = 1) = (put_call = 'call') then 'bull'
        else 'bear'
    end as direction,
    round(score, 6) as score,
    cast(
        0.4
        + case when block_side is not null then 0.3 else 0 end
        + case when block_side is not null and is_through then 0.3 else 0 end as double
    ) as confidence,
    cast(premium_usd as double) as notional_usd,
    contract || ' block of ' || cast(round(size) as bigint)
    || case block_side when 1 then ' bought' when -1 then ' sold' else ' traded' end || ' for '
    || cast(round(premium_usd) as bigint) || ' USD (' || opt_trade_class || ')' as headline,
    to_json(struct_pack(
        contract := contract, side := block_side,
        side_prob := case when block_side is not null then cast(side_prob as double) end,
        trade_ids := [print_id], opt_trade_class := opt_trade_class, is_iso := is_iso,
        is_floor := is_floor, size := cast(size as double), price := cast(price as double),
        premium_usd := cast(premium_usd as double), price_bucket := price_bucket,
        delta := delta, iv := iv, underlying_price := cast(underlying_price as double),
        is_adjusted := is_adjusted, unknown_side := block_side is null,
        traded_us := epoch_us(traded_at), known_us := epoch_us(known_at)
    )) as evidence,
    concat_ws('|', 'options.block', underlying, contract, print_id, session_date) as alert_key
from fired
where fired_at < (select clock.until from ops.clock as clock)
