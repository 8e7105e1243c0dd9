-- rule:    D1
-- what:    Which company's stock a CUSIP is a class of, by what it was first called.
-- grain:   one row per CUSIP and version: as the first filing titles it, and from then on as the
--          first official list does; withdrawn_at is null while it stands
-- status:  live
-- misses:  a company whose classes have no number in common; a class of a real estate trust stands
--          by itself, for its name is that of a fund
-- noisy:   when the first to tell a fund calls it common stock, and its name is no fund's

-- Whoever told it first, nothing that comes later changes what was known.
with filed as (
    select
        cusip,
        arg_min(class_title, struct_pack(at := known_at, id := accession_no, n := line))
            as class_title,
        arg_min(issuer, struct_pack(at := known_at, id := accession_no, n := line)) as issuer,
        min(known_at) as known_at
    from curated.told_holdings
    where class_title <> ''
    group by cusip
),

listed as (
    select
        cusip,
        arg_min(class_title, struct_pack(at := known_at, since := valid_from)) as class_title,
        arg_min(issuer, struct_pack(at := known_at, since := valid_from)) as issuer,
        min(known_at) as known_at
    from curated.securities
    where class_title is not null
    group by cusip
),

told as (
    select
        filed.cusip, filed.class_title, filed.issuer, filed.known_at,
        listed.known_at as withdrawn_at
    from filed
    left join listed on filed.cusip = listed.cusip
    where coalesce(filed.known_at < listed.known_at, true)
    union all
    select
        cusip, class_title, issuer, known_at,
        null as withdrawn_at
    from listed
)

-- A trust's funds share a number too, and so do preferred stock, units, warrants and notes.
select
    cusip,
    case
        when
            regexp_matches(
                upper(class_title),
                '^(COM|COMMON|CAP|CAPITAL|CL|CLASS|SHS?|ORD|ORDINARY|STK)([^A-Z]|$)'
                || '|(^|[^A-Z])AD[RS]([^A-Z]|$)'
            )
            and not regexp_matches(
                upper(class_title), '(^|[^A-Z])(PFD|PREF|PREFERRED|ETF|ETN)([^A-Z]|$)|[*]W'
            )
            and not coalesce(
                regexp_matches(
                    upper(issuer),
                    '(^|[^A-Z])(ETFS?|ETNS?|FDS?|FUNDS?|TR|TRUST|SER|SERIES|ISHARES|SPDR|PROSHARES)'
                    || '([^A-Z]|$)'
                ), false
            )
            then substr(cusip, 1, 6)
        else cusip
    end as company,  -- the number that all classes of its stock begin with; else the CUSIP itself
    class_title,  -- COM, CL A
    issuer,
    known_at,
    withdrawn_at  -- when the official list first told it
from told
