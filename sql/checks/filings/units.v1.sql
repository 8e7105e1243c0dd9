-- what:     13F filings whose values are in another unit than their filing date asks for.
-- grain:    one row per filing and version
-- status:   live
-- every:    1d
-- severity: low
-- needs:    0s

select
    'filings' as dataset,
    'cik:' || cik as entity,
    known_at,
    'its values are taken for ' || value_unit || ' by ' || unit_rule || ', and its date asks for '
    || dated_unit as reason,
    to_json(struct_pack(
        accession_no := accession_no, value_unit := value_unit, dated_unit := dated_unit,
        unit_rule := unit_rule, filed_date := filed_date, period_end := period_end,
        table_usd := table_usd
    )) as evidence
from curated.filings
where value_unit <> dated_unit
