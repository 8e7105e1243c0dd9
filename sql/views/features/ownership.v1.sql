-- rule:    D3
-- what:    How much of a company reporting managers hold, how many they are, how concentrated.
-- grain:   one row per security (CUSIP), quarter and session with news, as in
--          features.holder_sessions; inst_own_pct is null where no count of shares is known,
--          d_breadth_pr but in the session from which the quarter's changes count
-- status:  live
-- misses:  a split between the count of the shares and the quarter's end; classes of a company are
--          not added up, as reports.institutional_companies does
-- noisy:   over 100 % is no error: what is lent is reported twice

with params as (
    select
        5 as min_holders,  -- of a concentration, rule book D3; and of a percentile's securities
        20 as min_securities,  -- of a percentile across them
        interval 400 days as max_count_age  -- a company counts its shares once a year at least
),

-- Read more than once, and long in the making.
sessions as (
    select *
    from features.holder_sessions
),

-- The newest count that was known at the session's close.
counted as (
    select
        rows_told.cusip, rows_told.period_end, rows_told.session_date,
        arg_max(
            counts.shares, struct_pack(as_of := counts.as_of_date, known := counts.known_at)
        ) as shares_outstanding
    from sessions as rows_told
    cross join params
    inner join curated.shares_outstanding as counts
        on
            rows_told.ticker = counts.symbol
            and rows_told.known_at >= counts.known_at
            and coalesce(rows_told.known_at < counts.withdrawn_at, true)
            and rows_told.period_end < counts.as_of_date + params.max_count_age
            and rows_told.session_date >= counts.as_of_date
    group by rows_told.cusip, rows_told.period_end, rows_told.session_date
),

-- A handful of holders come and go by halves: they would fill both ends of the list.
breadths as (
    select
        rows_told.cusip, rows_told.period_end,
        round(
            cast(rows_told.n_new - rows_told.n_sold_out as double)
            / (rows_told.n_prev_holders + rows_told.n_new), 6
        ) as d_breadth
    from sessions as rows_told
    cross join params
    where
        rows_told.is_first_settled
        and rows_told.n_prev_holders + rows_told.n_new >= params.min_holders
),

ties as (
    select
        period_end, d_breadth,
        count(*) as n_tied
    from breadths
    group by period_end, d_breadth
),

-- Mid-rank among all securities of the same quarter.
ranks as (
    select
        period_end, d_breadth, n_tied,
        coalesce(
            sum(n_tied) over (
                partition by period_end order by d_breadth
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as n_less,
        sum(n_tied) over (partition by period_end) as n_securities
    from ties
),

ranked as (
    select
        breadths.cusip, breadths.period_end,
        cast(ranks.n_securities as bigint) as n_securities,
        case
            when ranks.n_securities >= params.min_securities
                then
                    round(
                        (ranks.n_less + 0.5 * ranks.n_tied) / cast(ranks.n_securities as double), 9
                    )
        end as d_breadth_pr
    from breadths
    cross join params
    inner join ranks
        on breadths.period_end = ranks.period_end and breadths.d_breadth = ranks.d_breadth
)

select
    rows_told.cusip,
    rows_told.ticker,
    rows_told.issuer,
    rows_told.period_end,
    rows_told.session_date,
    rows_told.known_at,
    rows_told.shares_held,
    rows_told.value_usd,
    counted.shares_outstanding,  -- by the newest count that was known
    round(
        100 * cast(rows_told.shares_held as double) / cast(counted.shares_outstanding as double), 6
    ) as inst_own_pct,  -- of the shares outstanding; over 100 where shares are lent
    rows_told.n_holders,
    rows_told.n_new,
    rows_told.n_sold_out,
    rows_told.n_prev_holders,
    round(
        cast(rows_told.n_new - rows_told.n_sold_out as double)
        / nullif(rows_told.n_prev_holders + rows_told.n_new, 0), 6
    ) as d_breadth,  -- new less sold out, of those that held it in either of two reported quarters
    case when rows_told.n_holders >= params.min_holders then rows_told.holder_hhi end
        as holder_hhi,  -- sum of the squares of each holder's part; null below five
    case when rows_told.n_holders >= params.min_holders then round(1 / rows_told.holder_hhi, 6) end
        as holder_eff_n,  -- as many equal holders would be as concentrated
    rows_told.put_shares,
    rows_told.call_shares,
    round(
        100 * cast(rows_told.hedge_shares as double) / cast(counted.shares_outstanding as double), 6
    ) as hf_own_pct,  -- of the shares outstanding, held by hedge-type managers
    rows_told.coverage_frac,
    rows_told.is_settled,
    rows_told.is_first_settled,
    ranked.d_breadth_pr,  -- mid-rank percentile of d_breadth across n_securities; null below 20
    rows_told.net_flow_usd,
    ranked.n_securities  -- that five managers hold, or held a quarter before
from sessions as rows_told
cross join params
left join counted
    on
        rows_told.cusip = counted.cusip
        and rows_told.period_end = counted.period_end
        and rows_told.session_date = counted.session_date
left join ranked
    on
        rows_told.cusip = ranked.cusip
        and rows_told.period_end = ranked.period_end
        and rows_told.is_first_settled
