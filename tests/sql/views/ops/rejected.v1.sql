-- case: a row that was set aside is shown as it came, with its reason and its place
-- given: raw.rejected
select *
from (
    values
    (
        '2026-01-01 00:00:02Z', 'open_interest', 'check open_interest >= 0',
        '{"contract": "SPX190621C02900000", "open_interest": -1}', 'data/spx.csv', 17,
        'cboe_chains', 'a1'
    )
) as given (recorded_at, dataset, reason, row, origin, position, source, load_id);
-- expect: recorded_at, dataset, reason, row, origin, position, source, load_id
values (
    '2026-01-01 00:00:02Z', 'open_interest', 'check open_interest >= 0',
    '{"open_interest": -1, "contract": "SPX190621C02900000"}', 'data/spx.csv', 17, 'cboe_chains',
    'a1'
);

-- case: a question about an early span still shows what was set aside since
-- span: 2019-05-01 2019-06-01
-- given: raw.rejected
select
    'open_interest' as dataset,
    '2026-01-01 00:00:02Z' as recorded_at;
-- expect: dataset
values ('open_interest');
