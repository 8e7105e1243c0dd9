-- rule:    D9
-- what:    Whether a trade of an insider is what he does in this month of every year.
-- grain:   one row per signal of curated.insider_transactions and version; habit is null where
--          nothing of the company is known from three years before
-- status:  live
-- misses:  forms that are not in the store; a habit of other months, or of every second year

with rows_of_company as (
    select
        *,
        cast(date_trunc('month', trans_date) as date) as month_date,
        min(trans_date) over so_far as first_date
    from curated.insider_transactions
    window
        so_far as (
            partition by cik order by known_at
            range between unbounded preceding and current row
        )
),

trades as (
    select * from rows_of_company
    where is_signal
),

months as (
    select
        cik, owner_cik, month_date,
        min(known_at) as known_at
    from trades
    group by cik, owner_cik, month_date
),

counted as (
    select
        trades.cik, trades.owner_cik, trades.accession_no, trades.line, trades.trans_date,
        trades.month_date, trades.first_date, trades.known_at, trades.withdrawn_at,
        count(months.month_date) as n_years
    from trades
    left join months
        on
            trades.cik = months.cik
            and trades.owner_cik = months.owner_cik
            and trades.known_at >= months.known_at
            and months.month_date in (
                cast(trades.month_date - interval 12 months as date),
                cast(trades.month_date - interval 24 months as date),
                cast(trades.month_date - interval 36 months as date)
            )
    group by
        trades.cik, trades.owner_cik, trades.accession_no, trades.line, trades.trans_date,
        trades.month_date, trades.first_date, trades.known_at, trades.withdrawn_at
)

select
    cik,
    owner_cik,
    accession_no,
    line,
    trans_date,
    case
        when n_years = 3 then 'routine'
        when first_date < cast(month_date - interval 35 months as date) then 'opportunistic'
    end as habit,  -- routine: traded in this month of each of the three years before
    n_years,  -- of the three years before, those in whose same month he traded
    known_at,
    withdrawn_at
from counted
