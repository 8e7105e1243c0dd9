-- rule:    D8
-- what:    Transactions of insiders, of shares and of derivatives, each told once.
-- grain:   one row per transaction and version, whoever files it together; withdrawn_at is null
--          while it stands; a derivative's exercise is a row of each table
-- status:  live

with params as (
    select
        date '2023-04-01' as first_day_of_box  -- of a 10b5-1 plan; before it, footnotes told
),

lines as (
    select
        *,
        lead(known_at) over in_order as corrected_at
    from raw.insider_transactions
    window
        in_order as (
            partition by accession_no, source, is_derivative, line
            order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over in_order is distinct from known_at
),

-- Row and form have versions: a transaction stands while both do.
filed as (
    select
        lines.accession_no, lines.is_derivative, lines.line, lines.title, lines.trans_date,
        lines.trans_code, lines.is_swap, lines.timeliness, lines.shares, lines.price,
        lines.is_acquired, lines.shares_after, lines.is_direct, lines.nature,
        lines.exercise_price, lines.exercise_date, lines.expiry_date, lines.underlying_title,
        lines.underlying_shares, lines.footnote_ids, lines.footnotes, lines.source,
        filings.cik, filings.owner_cik, filings.ticker, filings.issuer, filings.owner,
        filings.owner_title, filings.is_director, filings.is_officer, filings.is_ten_percent,
        filings.n_owners, filings.form_type, filings.is_amendment, filings.filed_at,
        filings.filed_date, filings.is_10b5_1, filings.is_10b5_1_footnote,
        lower(trim(lines.title)) as spelling,
        greatest(lines.known_at, filings.known_at) as known_at,
        least(
            coalesce(lines.corrected_at, filings.withdrawn_at),
            coalesce(filings.withdrawn_at, lines.corrected_at)
        ) as replaced_at
    from lines
    inner join curated.insider_filings as filings
        on
            lines.accession_no = filings.accession_no
            and lines.source = filings.source
            and coalesce(lines.known_at < filings.withdrawn_at, true)
            and coalesce(lines.corrected_at > filings.known_at, true)
    where not lines.is_gone
),

-- Equal rows of one form are as many transactions.
numbered as (
    select
        *,
        row_number() over equal_rows as nth,
        max(case when trans_code in ('M', 'X', 'O', 'C') then 1 else 0 end) over same_day = 1
            as has_exercise
    from filed
    window
        equal_rows as (
            partition by
                accession_no, known_at, is_derivative, trans_date, trans_code, shares, price,
                shares_after, is_acquired
            order by line
        ),
        same_day as (partition by accession_no, known_at, trans_date)
),

-- Two owners may tell one transaction in two forms; of one of them it is held through another, for
-- what two persons hold by themselves is two things, however alike.
compared as (
    select
        *,
        first_value(owner_cik) over same_trade as first_owner_cik,
        first_value(is_direct) over same_trade as first_is_direct
    from numbered
    window
        same_trade as (
            partition by
                cik, is_derivative, trans_date, trans_code, shares, price, shares_after,
                is_acquired, nth
            order by known_at, accession_no
            rows between unbounded preceding and current row
        )
),

told as (
    select * from compared
    where
        shares is null or shares_after is null or owner_cik is null
        or owner_cik is not distinct from first_owner_cik
        or (coalesce(is_direct, true) and coalesce(first_is_direct, true))
),

-- An amendment stands for all that was told before of its owner, day, code and security.
amendments as (
    select distinct
        cik, owner_cik, is_derivative, trans_date, trans_code, spelling, accession_no, known_at
    from told
    where is_amendment
),

amended as (
    select
        told.accession_no, told.is_derivative, told.line, told.known_at,
        min(amendments.known_at) as amended_at
    from told
    inner join amendments
        on
            told.cik = amendments.cik
            and told.owner_cik = amendments.owner_cik
            and told.is_derivative = amendments.is_derivative
            and told.trans_date = amendments.trans_date
            and told.trans_code = amendments.trans_code
            and told.spelling is not distinct from amendments.spelling
    where
        told.accession_no <> amendments.accession_no
        and (
            told.known_at < amendments.known_at
            or (
                told.known_at = amendments.known_at
                and (not told.is_amendment or told.accession_no < amendments.accession_no)
            )
        )
    group by told.accession_no, told.is_derivative, told.line, told.known_at
),

standing as (
    select
        told.*,
        params.first_day_of_box,
        least(
            coalesce(told.replaced_at, amended.amended_at),
            coalesce(amended.amended_at, told.replaced_at)
        ) as withdrawn_at
    from told
    cross join params
    left join amended
        on
            told.accession_no = amended.accession_no
            and told.is_derivative = amended.is_derivative
            and told.line = amended.line
            and told.known_at = amended.known_at
)

select
    cik,  -- the company's
    owner_cik,  -- of several owners the person's who counts
    accession_no,
    is_derivative,
    line,
    trans_date,
    trans_code,
    case
        when trans_code = 'P' then 'open_market_buy'
        when trans_code = 'S' then 'open_market_sell'
        when trans_code = 'A' then 'compensation'
        when trans_code = 'M' then 'exercise'
        when trans_code = 'F' then 'tax'
        when trans_code = 'G' then 'gift'
        when trans_code = 'D' then 'issuer'
        when trans_code in ('C', 'E', 'H', 'O', 'X') then 'derivative'
        else 'other'
    end as insider_class,  -- what kind of transaction its code is
    shares,
    price,
    case
        when price > 0
            then round(cast(cast(shares as decimal(38, 4)) * price as double), 6)
    end as value_usd,  -- USD; null where price or shares are not told, or the price is 0
    coalesce(
        is_10b5_1,
        case when filed_date < first_day_of_box and is_10b5_1_footnote then true end
    ) as is_10b5_1,  -- the box; before there was one true where a footnote says so; else null
    known_at,
    ticker,
    issuer,
    owner,
    owner_title,
    is_director,
    is_officer,
    is_ten_percent,
    n_owners,
    form_type,
    filed_at,
    filed_date,
    date_diff('day', trans_date, filed_date) as filing_lag_days,  -- days until it was filed
    case when is_acquired then 1 when not is_acquired then -1 end
        as side,  -- 1 acquired, -1 disposed of; by this and not by the code
    coalesce(trans_code = 'S' and has_exercise, false)
        as is_exercise_sale,  -- what was exercised that day is sold: no bearish bet
    title,
    is_swap,
    timeliness,
    shares_after,
    is_direct,
    nature,
    exercise_price,
    exercise_date,
    expiry_date,
    underlying_title,
    underlying_shares,
    footnote_ids,
    footnotes,
    source,
    withdrawn_at  -- when a correction, an amendment or a better source's form became known
from standing
where coalesce(known_at < withdrawn_at, true)
