-- rule:    A14
-- what:    A large print on a floor soon after one option was swept many times.
-- grain:   one row per print on a floor; of its versions the first that is large
-- status:  live
-- every:   1m
-- needs:   90s, 12m of features.option_parents
-- misses:  sweeps of other options of the underlying, and those that had not closed when the print
--          was told; prints that a floor tells over 90 s late; packages
-- noisy:   when the print closes what the sweeps opened; in the options of an index, which are
--          swept all day

with params as (
    select
        10 as min_sweeps,  -- [UW]
        100_000 as min_premium_usd,  -- of the print; [UW]
        interval 10 minutes as max_wait,  -- soon; rule book A14, a guess; `needs` covers it
        interval 90 seconds as max_report_delay  -- what the exchanges' rules give a floor
),

prints as (
    select
        trades.*,
        params.max_wait, params.min_sweeps,
        trades.venue || ':' || trades.trade_id as print_id
    from curated.option_trades as trades
    cross join params
    where
        trades.opt_trade_class = 'floor'
        and trades.premium_usd >= params.min_premium_usd
        and trades.known_at <= trades.traded_at + params.max_report_delay
        and coalesce(trades.withdrawn_at > trades.known_at, true)
),

followed as (
    select
        prints.contract, prints.print_id, prints.known_at,
        count(*) as n_sweeps,
        sum(sweeps.side) as net_sweeps,
        min(sweeps.iso_frac) as sweeps_iso_frac,
        sum(sweeps.size) as sweeps_size,
        sum(sweeps.premium_usd) as sweeps_premium_usd,
        min(sweeps.started_at) as started_at,
        max(sweeps.ended_at) as ended_at,
        list_sort(list(sweeps.first_trade_id)) as sweep_ids
    from prints
    inner join features.option_parents as sweeps
        on
            prints.contract = sweeps.contract
            and prints.known_at >= sweeps.known_at
            and prints.traded_at >= sweeps.ended_at
            and sweeps.ended_at >= prints.traded_at - prints.max_wait
    where sweeps.parent_kind = 'sweep'
    group by prints.contract, prints.print_id, prints.known_at
),

fired as (
    select
        prints.*,
        followed.n_sweeps, followed.net_sweeps, followed.sweeps_size, followed.sweeps_premium_usd,
        followed.sweeps_iso_frac, followed.started_at, followed.ended_at, followed.sweep_ids,
        abs(followed.net_sweeps) = followed.n_sweeps as is_one_sided,
        case  -- 20, 40, 60, 80 and 100 at 50 k, 250 k, 1 M, 10 M and 100 M USD
            when prints.premium_usd < 250_000 then 15 + prints.premium_usd / 10_000
            when prints.premium_usd < 1_000_000
                then 40 + (prints.premium_usd - 250_000) / 37_500
            when prints.premium_usd < 10_000_000
                then 60 + (prints.premium_usd - 1_000_000) / 450_000
            else least(100, 80 + (prints.premium_usd - 10_000_000) / 4_500_000)
        end as score,
        row_number() over (
            partition by prints.contract, prints.print_id order by prints.known_at
        ) as nth
    from prints
    inner join followed
        on
            prints.contract = followed.contract
            and prints.print_id = followed.print_id
            and prints.known_at = followed.known_at
    where followed.n_sweeps >= prints.min_sweeps
)

select
    underlying as entity,
    'underlying' as entity_type,
    traded_at as happened_at,
    known_at as fired_at,
    -- What the sweeps bet on, where they agree; the print itself has no side.
    case
        when not is_one_sided then null
        when (net_sweeps > 0) = (put_call = 'call') then 'bull'
        else 'bear'
    end as direction,
    round(score, 6) as score,
    cast(
        0.3
        + case when is_one_sided then 0.4 else 0 end
        + case when sweeps_iso_frac > 0 then 0.3 else 0 end as double
    ) as confidence,
    cast(premium_usd as double) as notional_usd,
    contract || ' on a floor for ' || cast(round(premium_usd) as bigint) || ' USD after '
    || n_sweeps || ' sweeps' as headline,
    to_json(struct_pack(
        contract := contract, trade_ids := [print_id], size := cast(size as double),
        price := cast(price as double), premium_usd := cast(premium_usd as double),
        n_sweeps := n_sweeps, net_sweeps := net_sweeps, one_sided := is_one_sided,
        sweep_ids := sweep_ids, sweeps_size := cast(sweeps_size as double),
        sweeps_premium_usd := cast(sweeps_premium_usd as double),
        sweeps_iso_frac := sweeps_iso_frac, delta := delta, iv := iv,
        underlying_price := cast(underlying_price as double), is_adjusted := is_adjusted,
        started_us := epoch_us(started_at), ended_us := epoch_us(ended_at),
        traded_us := epoch_us(traded_at), known_us := epoch_us(known_at)
    )) as evidence,
    concat_ws('|', 'options.sweep_then_floor', underlying, contract, print_id, session_date)
        as alert_key
from fired
where
    nth = 1
    and known_at < (select clock.until from ops.clock as clock)
