-- default: entity = 'AAPL', entity_type = 'underlying', happened_at = '2024-03-01 15:00:00.12Z'
-- default: fired_at = '2024-03-01 15:00:01.22Z', direction = 'bull', score = 30, confidence = 0.7
-- default: notional_usd = 150_000, headline = 'swept', contract = 'C', calendar = 'XNYS'
-- default: oi_date = '2024-03-01', next_date = '2024-03-04', known_at = '2024-03-04 11:30Z'
-- default: d_oi = 800, volume = 1_000, open_ratio = 0.8, open_interest = 1_000
-- default: previous_open_interest = 200, oi_exceeds_volume = false
-- default: open_close_label = 'mostly_opening'

-- case: a sweep whose contract was opened is told again the next morning, one tier higher
-- given: detectors.options_sweep
select 'options.sweep|AAPL|C|CBOE:1|2024-03-01' as alert_key;
-- given: features.oi_change
select 'C' as contract;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-01 15:00:00.12Z', '2024-03-04 12:00Z', 'bull', 50, 0.7, 150_000,
    'swept; the morning after its open interest is up by 800 of 1000 traded',
    'options.opened|AAPL|C|CBOE:1|2024-03-01',
    '{
        "contract": "C", "session_date": "2024-03-01",
        "raises": "options.sweep|AAPL|C|CBOE:1|2024-03-01", "raised_score": 30,
        "first_trade_id": "CBOE:1", "oi_date": "2024-03-01", "d_oi": 800, "volume": 1000,
        "open_ratio": 0.8, "open_interest": 1000, "previous_open_interest": 200,
        "oi_exceeds_volume": false
    }'
);

-- case: a golden sweep is told once, beside a block and a split, and nothing is more than critical
-- given: detectors.options_sweep
select *
from (
    values ('options.sweep|AAPL|C|CBOE:1|2024-03-01', 60)
) as given (alert_key, score);
-- given: detectors.options_golden_sweep
select *
from (
    values ('options.golden_sweep|AAPL|C|CBOE:1|2024-03-01', 60)
) as given (alert_key, score);
-- given: detectors.options_block
select *
from (
    values ('options.block|AAPL|C|ISE:2|2024-03-01', 85)
) as given (alert_key, score);
-- given: detectors.options_split
select *
from (
    values ('options.split|AAPL|C|BOX:3|2024-03-01', 20)
) as given (alert_key, score);
-- given: features.oi_change
select 'C' as contract;
-- expect: alert_key, score, evidence ->> '$.raises'
values
(
    'options.opened|AAPL|C|CBOE:1|2024-03-01', 80,
    'options.golden_sweep|AAPL|C|CBOE:1|2024-03-01'
),
('options.opened|AAPL|C|ISE:2|2024-03-01', 100, 'options.block|AAPL|C|ISE:2|2024-03-01'),
('options.opened|AAPL|C|BOX:3|2024-03-01', 40, 'options.split|AAPL|C|BOX:3|2024-03-01');

-- case: what closed, or is unknown, of another session, of a coin or told late stays quiet
-- given: detectors.options_sweep
select 'options.sweep|AAPL|' || contract || '|CBOE:1|2024-03-01' as alert_key
from (
    values ('closed'), ('mixed'), ('few'), ('untold'), ('other day'), ('coin'), ('late'), ('wrong')
) as given (contract);
-- given: features.oi_change
select *
from (
    values
    ('closed', 'mostly_closing', '2024-03-01', 'XNYS', '2024-03-04 11:30Z', null),
    ('mixed', 'mixed', '2024-03-01', 'XNYS', '2024-03-04 11:30Z', null),
    ('few', null, '2024-03-01', 'XNYS', '2024-03-04 11:30Z', null),
    ('other day', 'mostly_opening', '2024-02-29', 'XNYS', '2024-03-01 11:30Z', null),
    ('coin', 'mostly_opening', '2024-03-01', '24/7', '2024-03-04 11:30Z', null),
    ('late', 'mostly_opening', '2024-03-01', 'XNYS', '2024-03-04 12:00:00.000001Z', null),
    ('wrong', 'mostly_opening', '2024-03-01', 'XNYS', '2024-03-04 11:30Z', '2024-03-04 11:45Z')
) as given (contract, open_close_label, oi_date, calendar, known_at, withdrawn_at);
-- expect: nothing

-- case: in summer seven in the morning is an hour earlier, and a figure some minutes late is in
-- given: detectors.options_sweep
select
    'options.sweep|AAPL|C|CBOE:1|2024-07-01' as alert_key,
    '2024-07-01 15:00Z' as fired_at;
-- given: features.oi_change
select
    'C' as contract,
    '2024-07-01' as oi_date,
    '2024-07-02' as next_date,
    '2024-07-02 10:59:59Z' as known_at;
-- expect: fired_at
values ('2024-07-02 11:00Z');

-- case: at seven it is told, and before and after nothing is
-- span: 2024-03-04 12:00:00.000001Z 2024-03-05 11:00Z
-- given: detectors.options_sweep
select 'options.sweep|AAPL|C|CBOE:1|2024-03-01' as alert_key;
-- given: features.oi_change
select 'C' as contract;
-- expect: nothing

-- case: an order that closed while others opened the contract looks the same (noisy)
-- given: detectors.options_sweep
select
    'options.sweep|AAPL|C|CBOE:1|2024-03-01' as alert_key,
    'bear' as direction;
-- given: features.oi_change
select 'C' as contract;
-- expect: direction, score
values ('bear', 50);
