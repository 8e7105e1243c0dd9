-- rule:    D9
-- what:    How many insiders of a company have bought within 30 days, at each purchase made known.
-- grain:   one row per company and moment at which a purchase became known; days are those on
--          which purchases became known, in New York
-- status:  live
-- needs:   31d
-- misses:  purchases of less than 10,000 USD a form, by plans, or at a price that can't be

with params as (
    select
        interval 29 days as max_days,  -- and the day itself; rule book D9
        10_000 as min_form_usd  -- less is no conviction; rule book D9
),

-- One row per form: what several fills bought is one decision.
bought as (
    select
        cik, owner_cik, accession_no, available_date, known_at, withdrawn_at,
        max(ticker) as ticker,
        max(issuer) as issuer,
        max(owner) as owner_name,
        max(trans_date) as trans_date,
        sum(value_usd) as value_usd,
        max(case when is_ceo then 1 else 0 end) as is_ceo,
        max(case when is_cfo then 1 else 0 end) as is_cfo,
        max(case when is_officer then 1 else 0 end) as is_officer,
        max(case when is_ten_percent then 1 else 0 end) as is_ten_percent,
        max(case when habit = 'opportunistic' then 1 else 0 end) as is_opportunistic,
        max(case when habit = 'routine' then 1 else 0 end) as is_routine
    from features.insider_trades
    where side = 1 and is_discretionary and is_price_odd is not true
    group by cik, owner_cik, accession_no, available_date, known_at, withdrawn_at
),

forms as (
    select
        bought.*,
        params.max_days
    from bought
    cross join params
    where bought.value_usd >= params.min_form_usd
),

moments as (
    select
        cik, known_at, available_date, max_days,
        min(accession_no) as accession_no
    from forms
    group by cik, known_at, available_date, max_days
),

-- What stood at each moment, of the days up to it.
by_insider as (
    select
        moments.cik, moments.known_at, moments.available_date, moments.accession_no,
        forms.owner_cik,
        max(forms.ticker) as ticker,
        max(forms.issuer) as issuer,
        max(forms.owner_name) as owner_name,
        max(forms.trans_date) as trans_date,
        sum(forms.value_usd) as value_usd,
        max(forms.is_ceo) as is_ceo,
        max(forms.is_cfo) as is_cfo,
        max(forms.is_officer) as is_officer,
        max(forms.is_ten_percent) as is_ten_percent,
        max(forms.is_opportunistic) as is_opportunistic,
        max(forms.is_routine) as is_routine
    from moments
    inner join forms
        on
            moments.cik = forms.cik
            and moments.known_at >= forms.known_at
            and moments.available_date - moments.max_days <= forms.available_date
            and coalesce(moments.known_at < forms.withdrawn_at, true)
    group by
        moments.cik, moments.known_at, moments.available_date, moments.accession_no,
        forms.owner_cik
)

select
    cik,
    max(ticker) as ticker,  -- the issuer's then, in our spelling
    max(issuer) as issuer,  -- the company's name
    known_at,
    available_date,
    accession_no,  -- of the form that became known then
    max(trans_date) as last_trans_date,  -- of the newest purchase among them
    count(*) as n_insiders_30d,  -- different ones
    round(sum(value_usd), 2) as value_30d_usd,  -- USD
    sum(is_opportunistic) as n_opportunistic_30d,  -- insiders without a habit
    sum(is_routine) as n_routine_30d,  -- insiders who buy in this month every year
    sum(is_officer) as n_officers_30d,  -- those who run it
    max(is_ceo) = 1 as has_ceo,  -- the chief executive bought
    max(is_cfo) = 1 as has_cfo,  -- the chief financial officer bought
    round(
        sum(
            case
                when is_ceo = 1 or is_cfo = 1 then 3.0 when is_officer = 1 then 2.0
                when is_ten_percent = 1 then 1.5 else 1.0
            end
        ), 6
    ) as role_weight_30d,  -- 3 a chief, 2 another officer, 1.5 a large holder, 1 a director
    array_to_string(list_sort(list(owner_name)), ', ') as owners  -- their names
from by_insider
group by cik, known_at, available_date, accession_no
