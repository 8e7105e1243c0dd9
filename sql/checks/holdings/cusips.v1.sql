-- what:     Rows of 13F tables whose CUSIP does not agree with its own check digit.
-- grain:    one row per filing and CUSIP
-- status:   live
-- every:    1d
-- severity: low
-- needs:    0s

select
    'holdings' as dataset,
    'cusip:' || entries.cusip as entity,
    min(entries.known_at) as known_at,
    unfit.reason || '; set aside of curated.holdings' as reason,
    to_json(struct_pack(
        accession_no := entries.accession_no, line := min(entries.line), n_rows := count(*),
        issuer := arg_min(entries.issuer, entries.line)
    )) as evidence
from raw.holdings as entries
inner join curated.unfit_cusips as unfit on entries.cusip = unfit.cusip
where not entries.is_gone
group by entries.accession_no, entries.cusip, unfit.reason
