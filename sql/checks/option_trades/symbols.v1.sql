-- what:     Option prints whose symbol and columns tell two contracts.
-- grain:    one row per print and version
-- status:   live
-- every:    1h
-- severity: high
-- needs:    0s

with listed as (
    select
        *,
        right(contract, 15) as told,
        strftime(expiration, '%y%m%d') || upper(left(put_call, 1))
        || lpad(cast(cast(round(strike * 1_000) as bigint) as text), 8, '0') as meant
    from raw.option_trades
    where not is_gone and calendar = 'XNYS' and length(contract) > 15
)

select
    'option_trades' as dataset,
    contract as entity,
    known_at,
    'its symbol ends in ' || told || ', its columns say ' || meant as reason,
    to_json(struct_pack(source := source, venue := venue, trade_id := trade_id)) as evidence
from listed
where told <> meant
