-- what:    Forms 3, 4 and 5 with the one owner who counts, and the moment each was replaced.
-- grain:   one row per filing and version, of several sources the best one's; withdrawn_at is null
--          while it stands; ticker is the issuer's by the SEC's lists as they were known then, else
--          as typed, and null where neither tells one
-- status:  live

-- The rank of sources stands here and nowhere else: the form itself, before tables of it that
-- round its prices to cents.
with versions as (
    select
        *,
        case when source = 'sec_insider_datasets' then 2 else 1 end as rank,
        lead(known_at) over in_order as corrected_at
    from raw.insider_filings
    window
        in_order as (partition by accession_no, source order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
),

ranked as (
    select
        *,
        min(case when rank = 1 then known_at end) over in_all as bettered_at
    from versions
    where not is_gone
    window in_all as (partition by accession_no)
),

standing as (
    select
        *,
        case
            when rank = 1 then corrected_at
            else least(coalesce(corrected_at, bettered_at), coalesce(bettered_at, corrected_at))
        end as withdrawn_at,
        -- What filers type: NYSE:LNLD, (LNLD), HEI, HEI.A, MOGA/MOGB and N O G.
        replace(replace(replace(upper(trading_symbol), ' ', ''), '(', ''), ')', '') as typed
    from ranked
    where rank = 1 or coalesce(known_at < bettered_at, true)
),

owner_versions as (
    select
        *,
        case when is_officer then 1 when is_director then 2 when is_ten_percent then 3 else 4 end
            as role_rank,
        lead(known_at) over in_order as corrected_at
    from raw.insider_owners
    window
        in_order as (
            partition by accession_no, source, owner_cik order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over in_order is distinct from known_at
),

-- A person and his trusts and funds tell one transaction; the person counts.
owners as (
    select
        standing.accession_no, standing.source, standing.known_at,
        arg_min(
            struct_pack(
                cik := owner_versions.owner_cik, owner := owner_versions.owner,
                title := owner_versions.title
            ),
            struct_pack(role := owner_versions.role_rank, cik := owner_versions.owner_cik)
        ) as counting,
        max(case when owner_versions.is_director then 1 else 0 end) = 1 as is_director,
        max(case when owner_versions.is_officer then 1 else 0 end) = 1 as is_officer,
        max(case when owner_versions.is_ten_percent then 1 else 0 end) = 1 as is_ten_percent,
        count(*) as n_owners
    from standing
    inner join owner_versions
        on
            standing.accession_no = owner_versions.accession_no
            and standing.source = owner_versions.source
            and standing.known_at >= owner_versions.known_at
            and coalesce(standing.known_at < owner_versions.corrected_at, true)
    where not owner_versions.is_gone
    group by standing.accession_no, standing.source, standing.known_at
),

spelled as (
    select
        *,
        replace(
            split_part(
                split_part(split_part(
                    case when contains(typed, ':') then split_part(typed, ':', 2) else typed end,
                    ',', 1
                ), '/', 1), ';', 1
            ), '-', '.'
        ) as symbol
    from standing
),

-- Of several tickers of an issuer the one that the filer typed, else the shortest.
listed as (
    select
        spelled.accession_no, spelled.source, spelled.known_at,
        arg_min(
            issuers.ticker,
            struct_pack(
                other := coalesce(issuers.ticker <> spelled.symbol, true),
                n := length(issuers.ticker), name := issuers.ticker
            )
        ) as ticker
    from spelled
    inner join curated.issuers as issuers
        on
            spelled.issuer_cik = issuers.cik
            and spelled.known_at >= issuers.known_at
            and coalesce(spelled.known_at < issuers.withdrawn_at, true)
            and cast(timezone('America/New_York', spelled.known_at) as date) >= issuers.valid_from
            and coalesce(
                cast(timezone('America/New_York', spelled.known_at) as date) < issuers.valid_to,
                true
            )
    group by spelled.accession_no, spelled.source, spelled.known_at
)

select
    spelled.issuer_cik as cik,  -- the company's number at the SEC
    owners.counting.cik as owner_cik,  -- of several owners the one's who counts
    spelled.accession_no,
    spelled.form_type,
    spelled.form_type like '%/A' as is_amendment,  -- a 3/A, 4/A or 5/A
    coalesce(
        listed.ticker,
        case
            when
                spelled.typed not in (
                    'NONE', 'N/A', 'NA', 'N.A.', 'N.A', 'NOTAPPLICABLE', 'NULL'
                )
                and regexp_matches(spelled.symbol, '^[A-Z]{1,5}([.][A-Z]{1,2})?$')
                then spelled.symbol
        end
    ) as ticker,  -- by the SEC's lists, else as typed, in our spelling
    spelled.issuer,
    owners.counting.owner,  -- of several the officer, else the director, else the large holder
    owners.counting.title as owner_title,  -- as an officer, or what else he is
    owners.is_director,  -- one of its owners is
    owners.is_officer,  -- one of its owners is
    owners.is_ten_percent,  -- one of its owners owns over 10 % of a class
    owners.n_owners,  -- how many file it together
    spelled.period_date,
    spelled.original_date,
    coalesce(
        spelled.filed_date, cast(timezone('America/New_York', spelled.known_at) as date)
    ) as filed_date,  -- EDGAR's filing date, else the day on which it was known
    coalesce(spelled.accepted_at, spelled.known_at)
        as filed_at,  -- when EDGAR accepted it, or else when it was first known
    spelled.is_10b5_1,
    spelled.is_10b5_1_footnote,
    spelled.not_subject_to_section_16,
    spelled.no_securities_owned,
    spelled.known_at,
    spelled.withdrawn_at,  -- when a correction, or a better source's form, became known
    spelled.source
from spelled
left join listed
    on
        spelled.accession_no = listed.accession_no
        and spelled.source = listed.source
        and spelled.known_at = listed.known_at
left join owners
    on
        spelled.accession_no = owners.accession_no
        and spelled.source = owners.source
        and spelled.known_at = owners.known_at
