-- what:    Weekly volume of off-exchange trades, with the moment each row was restated.
-- grain:   one row per row of FINRA's and version; withdrawn_at is null while it stands; a total
--          and its details are rows beside each other, told apart by venue_kind and detail
-- status:  live
-- needs:   0s

with named as (
    select
        *,
        struct_pack(
            week := week_date, tier := tier, summary := summary_type, symbol := source_symbol,
            mpid := mpid, firm := firm_crd, product := product_type, issuer := issuer
        ) as place
    from raw.otc_volume
),

versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from named
    window in_order as (partition by place order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
)

select
    week_date,
    symbol,
    tier,
    case when starts_with(summary_type, 'ATS_') then 'ats' else 'non_ats' end
        as venue_kind,  -- ats: traded in a dark pool; non_ats: by a firm, mostly a wholesaler
    case
        when summary_type like '%_SMBL_FIRM' then 'symbol_firm'
        when summary_type like '%_SMBL' then 'symbol'
        when summary_type like '%_FIRM' then 'firm'
        else 'market'
    end as detail,  -- what the row adds up: symbol_firm, symbol, firm or market
    mpid,
    firm_crd,
    participant,
    product_type,
    volume,
    n_trades,
    value_usd,
    known_at,
    replaced_at as withdrawn_at,  -- when a restatement became known; null while it stands
    published_date,
    summary_type,
    issuer,
    source_symbol
from versions
where not is_gone
