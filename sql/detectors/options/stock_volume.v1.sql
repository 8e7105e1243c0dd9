-- rule:    A20
-- what:    A stock's options trade more of it in a week, against its shares, than in its own year.
-- grain:   one row per underlying and week
-- status:  live
-- every:   1h
-- needs:   0s, 6 sessions of features.iv_change, 6 sessions of features.oi_change
-- misses:  who bought what was traded; contracts that are adjusted count as 100 shares; of the
--          week's last session the open interest, which is told after it
-- noisy:   at expirations, and where calls are traded for a dividend

with params as (
    select
        0.99 as min_os_pr,  -- rule book A20
        1_000_000 as min_premium_usd,  -- rule book A20
        3.5 as min_jump_z,  -- the usual cut of outliers; rule book A8
        0.02 as min_move,  -- two points of volatility; rule book A8
        7 as week_days  -- from its Monday on
),

facts as (
    select facts.*, params.*
    from features.option_stock_weeks as facts
    cross join params
    cross join ops.clock as clock
    where
        facts.os_pr >= params.min_os_pr
        and facts.premium_usd >= params.min_premium_usd
        and facts.known_at < clock.until
        -- A week is told at a midnight of UTC: between two of them nothing is read.
        and (epoch_us(clock.until) - 1) // 86_400_000_000
        > (epoch_us(clock.since) - 1) // 86_400_000_000
),

-- It is a weak sign alone, and less so where volatility jumped or puts were opened in its week.
jumped as (
    select facts.underlying, facts.week_date, max(changes.jump_z) as jump_z
    from facts
    inner join features.iv_change as changes
        on
            facts.underlying = changes.underlying
            and facts.week_date <= changes.session_date
            and facts.week_date + facts.week_days > changes.session_date
            and facts.known_at > changes.known_at
            and coalesce(facts.known_at < changes.withdrawn_at, true)
    where
        changes.jump_z >= facts.min_jump_z
        and round(changes.iv30 - changes.previous_iv30, 9) >= facts.min_move
        and 2 * changes.iv30_error < changes.iv30 - changes.previous_iv30
    group by facts.underlying, facts.week_date
),

opened as (
    select
        facts.underlying, facts.week_date,
        sum(
            case
                when changes.put_call = 'put' then cast(changes.d_oi_usd as decimal(28, 2)) else 0
            end
        ) as put_opened_usd,
        sum(
            case
                when changes.put_call = 'call' then cast(changes.d_oi_usd as decimal(28, 2)) else 0
            end
        ) as call_opened_usd
    from facts
    inner join features.oi_change as changes
        on
            facts.underlying = changes.underlying
            and facts.week_date <= changes.oi_date
            and facts.week_date + facts.week_days > changes.oi_date
            and facts.known_at > changes.known_at
            and coalesce(facts.known_at < changes.withdrawn_at, true)
    where changes.open_close_label = 'mostly_opening'
    group by facts.underlying, facts.week_date
),

fired as (
    select
        facts.*,
        jumped.jump_z, opened.put_opened_usd, opened.call_opened_usd,
        jumped.jump_z is not null as has_jump,
        coalesce(opened.put_opened_usd > opened.call_opened_usd, false) as has_opened_puts
    from facts
    left join jumped
        on facts.underlying = jumped.underlying and facts.week_date = jumped.week_date
    left join opened
        on facts.underlying = opened.underlying and facts.week_date = opened.week_date
)

select
    underlying as entity,
    'underlying' as entity_type,
    closes_at as happened_at,
    known_at as fired_at,
    -- Much of it comes before lower returns, for selling the stock short is dear: a weak prior.
    'bear' as direction,
    round(
        cast(
            case when has_jump or has_opened_puts then 40 else 20 end
            + 19 * (os_pr - min_os_pr) / nullif(1 - min_os_pr, 0) as double
        ), 6
    ) as score,
    round(
        cast(
            0.3 + case when has_jump then 0.1 else 0 end
            + case when has_opened_puts then 0.1 else 0 end as double
        ), 6
    ) as confidence,
    premium_usd as notional_usd,
    underlying || ': its options stand for ' || cast(round(100 * os) as bigint)
    || ' % of the shares traded in the week, above '
    || cast(floor(100 * os_pr) as bigint) || ' % of its own last ' || n_obs || ' weeks'
    || case when has_jump then '; volatility jumped' else '' end
    || case when has_opened_puts then '; puts were opened' else '' end as headline,
    to_json(struct_pack(
        week_date := week_date, contracts := cast(contracts as double),
        shares := shares, os := os, d_os := d_os, os_pr := os_pr, n_obs := n_obs,
        premium_usd := premium_usd, jump_z := jump_z,
        put_opened_usd := cast(put_opened_usd as double),
        call_opened_usd := cast(call_opened_usd as double)
    )) as evidence,
    concat_ws('|', 'options.stock_volume', underlying, week_date) as alert_key
from fired
