-- default: underlying = 'AAPL', contract = 'AAPL240315C00180000', put_call = 'call'
-- default: session_date = '2024-03-01', opt_trade_class = 'floor', venue = 'CBOE', trade_id = 'f'
-- default: price = 3.00, size = 400, is_adjusted = false, parent_kind = 'sweep', side = 1
-- default: iso_frac = 0.5, premium_usd = 120_000

-- case: a floor follows ten sweeps of ten minutes
-- given: features.option_parents
select
    timestamptz '2024-03-01 15:00Z' + n * interval 1 minute as started_at,
    timestamptz '2024-03-01 15:00:00.1Z' + n * interval 1 minute as ended_at,
    timestamptz '2024-03-01 15:00:01.2Z' + n * interval 1 minute as known_at,
    'ISE:' || n as first_trade_id,
    60 as size,
    20_000 as premium_usd
from range(10) as given (n);
-- given: curated.option_trades
select
    '2024-03-01 15:10Z' as traded_at,
    '2024-03-01 15:10:20Z' as known_at;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-01 15:10Z', '2024-03-01 15:10:20Z', 'bull', 27, 1, 120_000,
    'AAPL240315C00180000 on a floor for 120000 USD after 10 sweeps',
    'options.sweep_then_floor|AAPL|AAPL240315C00180000|CBOE:f|2024-03-01',
    '{
        "contract": "AAPL240315C00180000", "trade_ids": ["CBOE:f"], "size": 400, "price": 3,
        "premium_usd": 120000, "n_sweeps": 10, "net_sweeps": 10, "one_sided": true,
        "sweep_ids": [
            "ISE:0", "ISE:1", "ISE:2", "ISE:3", "ISE:4", "ISE:5", "ISE:6", "ISE:7", "ISE:8",
            "ISE:9"
        ],
        "sweeps_size": 600, "sweeps_premium_usd": 200000, "sweeps_iso_frac": 0.5, "delta": null,
        "iv": null, "underlying_price": null, "is_adjusted": false,
        "started_us": 1709305200000000, "ended_us": 1709305740100000,
        "traded_us": 1709305800000000, "known_us": 1709305820000000
    }'
);

-- case: nine sweeps, another contract, no sweeps or no floor stay quiet, and so does a small print
-- given: features.option_parents
select
    sweeps.contract,
    sweeps.parent_kind,
    timestamptz '2024-03-01 15:00Z' + numbers.n * interval 1 minute as ended_at,
    timestamptz '2024-03-01 15:00:01.1Z' + numbers.n * interval 1 minute as known_at
from range(10) as numbers (n)
inner join (
    values
    ('nine', 'sweep', 9), ('splits', 'split', 10), ('another', 'sweep', 10),
    ('no floor', 'sweep', 10), ('small', 'sweep', 10), ('unknown', 'sweep', 10)
) as sweeps (contract, parent_kind, n_sweeps) on numbers.n < sweeps.n_sweeps;
-- given: curated.option_trades
select
    *,
    '2024-03-01 15:09:30Z' as traded_at
from (
    values
    ('nine', 'floor', 120_000), ('splits', 'floor', 120_000), ('no floor', 'cross', 120_000),
    ('no floor', 'multi_leg', 120_000), ('no floor', null, 120_000), ('small', 'floor', 99_999.99),
    ('unknown', 'floor', null)
) as given (contract, opt_trade_class, premium_usd);
-- expect: nothing

-- case: a sweep counts from ten minutes before the print to its moment, if it had closed
-- given: features.option_parents
select
    given.contract,
    timestamptz '2024-03-01 15:10Z'
    + case when numbers.n = 0 then given.us else -300_000_000 end * interval 1 microsecond
        as ended_at,
    timestamptz '2024-03-01 15:10:05Z' as known_at
from range(10) as numbers (n)
cross join (
    values
    ('first', -600_000_000), ('too early', -600_000_001), ('last', 0), ('too late', 1)
) as given (contract, us);
-- given: curated.option_trades
select
    *,
    timestamptz '2024-03-01 15:10Z' as traded_at,
    timestamptz '2024-03-01 15:10:10Z' as known_at
from (values ('first'), ('too early'), ('last'), ('too late')) as given (contract);
-- expect: evidence ->> '$.contract', evidence ->> '$.n_sweeps'
values
('first', '10'), ('last', '10');

-- case: a sweep that has not closed when the print is told does not count
-- given: features.option_parents
select
    given.contract,
    timestamptz '2024-03-01 15:09:59Z' as ended_at,
    timestamptz '2024-03-01 15:10Z' + given.us * interval 1 microsecond as known_at
from range(10) as numbers (n)
cross join (values ('closed', 0), ('open', 1)) as given (contract, us);
-- given: curated.option_trades
select
    *,
    timestamptz '2024-03-01 15:10Z' as traded_at
from (values ('closed'), ('open')) as given (contract);
-- expect: evidence ->> '$.contract', fired_at
values ('closed', timestamptz '2024-03-01 15:10Z');

-- case: sweeps of both sides say no direction, and are worse evidence
-- given: features.option_parents
select
    given.put_call || ' ' || given.last_side as contract,
    timestamptz '2024-03-01 15:00Z' + numbers.n * interval 1 second as ended_at,
    timestamptz '2024-03-01 15:00:01.1Z' + numbers.n * interval 1 second as known_at,
    case when numbers.n = 0 then given.last_side else 1 end as side,
    case when numbers.n = 1 then given.iso_frac else 0.5 end as iso_frac
from range(10) as numbers (n)
cross join (
    values ('call', 1, 0.5), ('call', -1, 0.5), ('put', 1, 0), ('put', -1, 0)
) as given (put_call, last_side, iso_frac);
-- given: curated.option_trades
select
    put_call || ' ' || side as contract,
    put_call,
    timestamptz '2024-03-01 15:05Z' as traded_at
from (values ('call', 1), ('call', -1), ('put', 1), ('put', -1)) as given (put_call, side);
-- expect: evidence ->> '$.contract', direction, confidence
values
('call 1', 'bull', 1), ('call -1', null, 0.6), ('put 1', 'bear', 0.7), ('put -1', null, 0.3);

-- case: the score is a sweep's, by the print's premium
-- given: features.option_parents
select
    given.contract,
    '2024-03-01 15:00Z' as ended_at,
    '2024-03-01 15:00:01.1Z' as known_at
from range(10) as numbers (n)
cross join (values ('a'), ('b'), ('c'), ('d'), ('e'), ('f'), ('g'), ('h')) as given (contract);
-- given: curated.option_trades
select
    *,
    '2024-03-01 15:05Z' as traded_at
from (
    values
    ('a', 100_000), ('b', 250_000), ('c', 625_000), ('d', 1_000_000), ('e', 5_500_000),
    ('f', 10_000_000), ('g', 55_000_000), ('h', 900_000_000)
) as given (contract, premium_usd);
-- expect: evidence ->> '$.contract', score
values
('a', 25), ('b', 40), ('c', 50), ('d', 60), ('e', 70), ('f', 80), ('g', 90), ('h', 100);

-- case: its bounds are parameters
-- param: min_sweeps = 2
-- param: min_premium_usd = 1_000
-- param: max_wait = 1 minute
-- param: max_report_delay = 5 seconds
-- given: features.option_parents
select
    * exclude (s),
    timestamptz '2024-03-01 15:00Z' + s * interval 1 second as ended_at,
    timestamptz '2024-03-01 15:00:01.1Z' + s * interval 1 second as known_at
from (values ('a', 0), ('a', 30), ('b', 0), ('b', 30), ('c', 0), ('c', 30)) as given (contract, s);
-- given: curated.option_trades
select
    1_000 as premium_usd,
    * exclude (s, delay),
    timestamptz '2024-03-01 15:00Z' + s * interval 1 second as traded_at,
    timestamptz '2024-03-01 15:00Z' + (s + delay) * interval 1 second as known_at
from (values ('a', 60, 5), ('b', 61, 5), ('c', 60, 6)) as given (contract, s, delay);
-- expect: evidence ->> '$.contract', fired_at
values ('a', timestamptz '2024-03-01 15:01:05Z');

-- case: a print told over ninety seconds late is none, and a cancel known later changes nothing
-- given: features.option_parents
select
    given.contract,
    '2024-03-01 15:00Z' as ended_at,
    '2024-03-01 15:00:01.1Z' as known_at
from range(10) as numbers (n)
cross join (values ('a'), ('b'), ('c')) as given (contract);
-- given: curated.option_trades
select
    *,
    '2024-03-01 15:05Z' as traded_at
from (
    values
    ('a', '2024-03-01 15:06:30Z', null),
    ('b', '2024-03-01 15:06:30.000001Z', null),
    ('c', '2024-03-01 15:05Z', '2024-03-01 15:05:10Z')
) as given (contract, known_at, withdrawn_at);
-- expect: evidence ->> '$.contract', fired_at
values
('a', '2024-03-01 15:06:30Z'),
('c', '2024-03-01 15:05Z');

-- case: a print that is corrected is answered once, by the first version that is large
-- given: features.option_parents
select
    given.contract,
    '2024-03-01 15:00Z' as ended_at,
    '2024-03-01 15:00:01.1Z' as known_at
from range(10) as numbers (n)
cross join (values ('a'), ('b')) as given (contract);
-- given: curated.option_trades
select
    *,
    '2024-03-01 15:05Z' as traded_at
from (
    values
    ('a', 120_000, '2024-03-01 15:05Z', '2024-03-01 15:05:30Z'),
    ('a', 150_000, '2024-03-01 15:05:30Z', null),
    ('b', 99_000, '2024-03-01 15:05Z', '2024-03-01 15:05:30Z'),
    ('b', 150_000, '2024-03-01 15:05:30Z', null)
) as given (contract, premium_usd, known_at, withdrawn_at);
-- expect: evidence ->> '$.contract', fired_at, notional_usd
values
('a', '2024-03-01 15:05Z', 120_000),
('b', '2024-03-01 15:05:30Z', 150_000);

-- case: a sweep that closes late changes nothing that fired
-- given: features.option_parents
select
    timestamptz '2024-03-01 15:00Z' as ended_at,
    case
        when n < 10 then timestamptz '2024-03-01 15:00:01.1Z'
        else timestamptz '2024-03-01 15:06Z'
    end as known_at,
    n as first_trade_id
from range(11) as given (n);
-- given: curated.option_trades
select '2024-03-01 15:05Z' as traded_at;
-- expect: fired_at, evidence ->> '$.n_sweeps'
values ('2024-03-01 15:05Z', '10');

-- case: two prints on a floor are two alerts
-- given: features.option_parents
select
    '2024-03-01 15:00Z' as ended_at,
    '2024-03-01 15:00:01.1Z' as known_at
from range(10) as given (n);
-- given: curated.option_trades
select *
from (
    values
    ('f', '2024-03-01 15:05Z'),
    ('g', '2024-03-01 15:06Z')
) as given (trade_id, traded_at);
-- expect: alert_key
values
('options.sweep_then_floor|AAPL|AAPL240315C00180000|CBOE:f|2024-03-01'),
('options.sweep_then_floor|AAPL|AAPL240315C00180000|CBOE:g|2024-03-01');

-- case: a print that closes what the sweeps opened says their direction all the same (noisy)
-- given: features.option_parents
select
    '2024-03-01 15:00Z' as ended_at,
    '2024-03-01 15:00:01.1Z' as known_at,
    100 as size
from range(10) as given (n);
-- given: curated.option_trades
select
    1_000 as size,
    '2024-03-01 15:05Z' as traded_at;
-- expect: direction, evidence ->> '$.size', evidence ->> '$.sweeps_size'
values ('bull', '1000.0', '1000.0');

-- case: an index is swept ten times in ten minutes without a purpose (noisy)
-- given: features.option_parents
select
    'SPXW240301P05100000' as contract,
    timestamptz '2024-03-01 15:00Z' + n * interval 1 minute as ended_at,
    timestamptz '2024-03-01 15:00:01.1Z' + n * interval 1 minute as known_at,
    case when n % 2 = 0 then 1 else -1 end as side,
    0 as iso_frac
from range(10) as given (n);
-- given: curated.option_trades
select
    'SPX' as underlying,
    'SPXW240301P05100000' as contract,
    '2024-03-01 15:10Z' as traded_at;
-- expect: entity, direction, confidence
values ('SPX', null, 0.3);

-- case: what is told at the span's end is not there yet
-- span: 2024-03-01T14:00Z 2024-03-01T15:05Z
-- given: features.option_parents
select
    '2024-03-01 15:00Z' as ended_at,
    '2024-03-01 15:00:01.1Z' as known_at
from range(10) as given (n);
-- given: curated.option_trades
select '2024-03-01 15:05Z' as traded_at;
-- expect: nothing
