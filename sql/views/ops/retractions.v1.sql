-- what:    Alerts whose evidence was withdrawn after they fired: prints that were cancelled or told
--          otherwise, filings that were replaced.
-- grain:   one row per alert; only evidence of the question's own span is looked at
-- status:  live
-- needs:   0s

with alerts as (
    select
        alert_key, detector, entity, fired_at,
        from_json(json_extract(evidence, '$.trade_ids'), '["VARCHAR"]') as trade_ids,
        json_extract_string(evidence, '$.accession_no') as accession_no
    from curated.alerts
    where withdrawn_at is null
),

named as (
    select
        alert_key, detector, entity, fired_at,
        unnest(trade_ids) as evidence_id
    from alerts
),

filed as (
    select
        alert_key, detector, entity, fired_at,
        accession_no as evidence_id
    from alerts
    where accession_no is not null
),

-- What a print said, each time it was told; a stock's and an option's ids may be the same.
prints as (
    select
        'options' as kind,
        venue || ':' || trade_id as evidence_id,
        struct_pack(price := cast(price as double), size := cast(size as double)) as said,
        known_at, withdrawn_at
    from curated.option_prints
    union all
    select
        'stocks' as kind,
        venue || ':' || trade_id as evidence_id,
        struct_pack(price := cast(price as double), size := cast(size as double)) as said,
        known_at, withdrawn_at
    from curated.equity_prints
),

-- A print that is told again as it was still stands.
withdrawn_prints as (
    select
        kind, evidence_id,
        max(withdrawn_at) as withdrawn_at
    from prints
    group by kind, evidence_id, said
    having count(*) = count(withdrawn_at)
),

filings as (
    select accession_no, withdrawn_at from curated.filings
    union all
    select accession_no, withdrawn_at from curated.insider_filings
),

withdrawn_filings as (
    select
        accession_no as evidence_id,
        max(withdrawn_at) as withdrawn_at
    from filings
    group by accession_no
    having count(*) = count(withdrawn_at)
),

found as (
    select named.*, prints.withdrawn_at
    from named
    inner join withdrawn_prints as prints
        on
            named.evidence_id = prints.evidence_id
            and (named.detector like 'options.%') = (prints.kind = 'options')
            and named.fired_at < prints.withdrawn_at
    union all
    select filed.*, filings.withdrawn_at
    from filed
    inner join withdrawn_filings as filings
        on filed.evidence_id = filings.evidence_id and filed.fired_at < filings.withdrawn_at
)

select
    alert_key, detector, entity, fired_at,
    min(withdrawn_at) as withdrawn_at,  -- when the first of its evidence was
    count(distinct evidence_id) as n_withdrawn,  -- prints or filings of it
    list_sort(list(distinct evidence_id)) as evidence_ids  -- which
from found
group by alert_key, detector, entity, fired_at
