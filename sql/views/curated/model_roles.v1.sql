-- what:    Which models detectors trust, and which only run beside them to be compared.
-- grain:   one row per model that was fitted
-- status:  live

with params as (
    select '' as challengers  -- with commas between, from [models.NAME]; others are trusted
),

fitted as (
    select model
    from raw.model_fits
    where not is_gone
    group by model
)

select
    fitted.model,  -- its file in models/
    case
        when contains(',' || params.challengers || ',', ',' || fitted.model || ',')
            then 'challenger'
        else 'champion'
    end as role  -- champion or challenger
from fitted
cross join params
