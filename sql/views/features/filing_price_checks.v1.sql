-- what:    What bars of stocks say of the unit in which a Form 13F writes its values.
-- grain:   one row per filing and version; price_unit is null where no security of it has a close
-- status:  live
-- needs:   70 sessions
-- misses:  filings over two months late, whose quarter's last closes are not read any more; a
--          filing without a single ticker

with params as (
    select
        interval 7 days as max_age,  -- of a close; a holiday and a weekend are 4 days
        1 as max_log_gap  -- a factor of 10 of 1,000, as curated.filings has it
),

-- What a share of each security costs in the filing, in the filer's unit.
held as (
    select
        holdings.accession_no, holdings.known_at, holdings.period_end, holdings.ticker,
        round(
            sum(holdings.value_usd) / case holdings.value_unit when 'thousand' then 1000 else 1 end
            / nullif(cast(sum(holdings.shares) as double), 0), 9
        ) as price
    from curated.holdings as holdings
    where
        holdings.share_type = 'SH' and holdings.put_call is null and holdings.ticker is not null
        and holdings.shares > 0 and holdings.value_usd > 0
    group by
        holdings.accession_no, holdings.known_at, holdings.period_end, holdings.ticker,
        holdings.value_unit
),

closes as (
    select
        held.accession_no, held.known_at, held.ticker, held.price,
        arg_max(
            cast(bars.close as double), struct_pack(day := bars.session_date, at := bars.known_at)
        ) as close_usd
    from held
    cross join params
    inner join curated.equity_bars as bars
        on
            held.ticker = bars.symbol
            and held.period_end >= bars.session_date
            and cast(held.period_end - params.max_age as date) <= bars.session_date
            and held.known_at >= bars.known_at
            and coalesce(held.known_at < bars.withdrawn_at, true)
    where bars.bar = '1d' and bars.close > 0
    group by held.accession_no, held.known_at, held.ticker, held.price
),

measured as (
    select
        accession_no, known_at,
        count(*) as n_priced,
        round(median(log10(price / close_usd)), 6) as log_gap
    from closes
    where price > 0
    group by accession_no, known_at
),

judged as (
    select
        filings.cik, filings.manager, filings.period_end, filings.accession_no, filings.known_at,
        filings.withdrawn_at, filings.value_unit, filings.unit_rule,
        measured.n_priced, measured.log_gap,
        case
            when abs(measured.log_gap) < params.max_log_gap then 'usd'
            when abs(measured.log_gap + 3) < params.max_log_gap then 'thousand'
        end as price_unit
    from curated.filings as filings
    cross join params
    left join measured
        on
            filings.accession_no = measured.accession_no
            and filings.known_at = measured.known_at
)

select
    cik,
    manager,
    period_end,
    accession_no,
    known_at,
    withdrawn_at,
    value_unit,  -- usd or thousand: what curated.filings takes it for
    unit_rule,
    price_unit,  -- usd or thousand: what closes at the quarter's end say; else null
    coalesce(price_unit <> value_unit, false) as is_disputed,  -- true: they say another unit
    coalesce(n_priced, 0) as n_priced,  -- securities of the filing that have a close
    log_gap  -- decimal logarithm of its prices over closes, the median; -3 is thousands
from judged
