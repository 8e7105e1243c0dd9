-- what:     13F filings that were filed before their quarter ended, or known before that.
-- grain:    one row per filing and version
-- status:   live
-- every:    1d
-- severity: high
-- needs:    0s

select
    'filings' as dataset,
    'cik:' || cik as entity,
    known_at,
    case
        when filed_date < period_end then 'it was filed before its quarter ended'
        when known_at < accepted_at then 'it was known before it was accepted'
        else 'it was known before it was filed'
    end as reason,
    to_json(struct_pack(
        accession_no := accession_no, period_end := period_end, filed_date := filed_date,
        accepted_us := epoch_us(accepted_at), known_us := epoch_us(known_at)
    )) as evidence
from raw.filings
where
    not is_gone
    and (
        filed_date < period_end
        or known_at < accepted_at
        or known_date < filed_date - 4  -- accepted on Friday evening, filed after a long weekend
    )
