-- default: detector = 'options.sweep', entity = 'AAPL', fired_at = '2024-03-01 15:00:01Z'
-- default: venue = 'CBOE', trade_id = 'a', price = 2, size = 10, source = 'test'
-- default: evidence = '{"trade_ids": ["CBOE:a", "ISE:b"]}', alert_key = 'k'

-- case: an alert is retracted when a print of its evidence was cancelled later
-- given: curated.alerts
select '2024-03-01 15:00:01Z' as known_at;
-- given: curated.option_prints
select *
from (
    values
    ('CBOE', 'a', '2024-03-01 15:00Z', timestamptz '2024-03-01 15:30Z'),
    ('ISE', 'b', '2024-03-01 15:00Z', timestamptz '2024-03-01 15:20Z'),
    ('CBOE', 'c', '2024-03-01 15:00Z', timestamptz '2024-03-01 15:10Z')
) as given (venue, trade_id, known_at, withdrawn_at);
-- expect: alert_key, withdrawn_at, n_withdrawn, evidence_ids
values ('k', timestamptz '2024-03-01 15:20Z', 2, ['CBOE:a', 'ISE:b']);

-- case: a cancel that was known before, a print that stands, and one told again change nothing
-- given: curated.alerts
select '2024-03-01 15:00:01Z' as known_at;
-- given: curated.option_prints
select *
from (
    values
    ('CBOE', 'a', '2024-03-01 15:00Z', timestamptz '2024-03-01 15:30Z'),
    ('CBOE', 'a', '2024-03-01 15:30Z', null),
    ('ISE', 'b', '2024-03-01 15:00Z', timestamptz '2024-03-01 15:00:01Z')
) as given (venue, trade_id, known_at, withdrawn_at);
-- expect: nothing

-- case: a print told again otherwise no longer says what the alert was made of
-- given: curated.alerts
select '2024-03-01 15:00:01Z' as known_at;
-- given: curated.option_prints
select *
from (
    values
    (2, '2024-03-01 15:00Z', timestamptz '2024-03-01 15:30Z'),
    (3, '2024-03-01 15:30Z', null)
) as given (price, known_at, withdrawn_at);
-- expect: withdrawn_at, evidence_ids
values (timestamptz '2024-03-01 15:30Z', ['CBOE:a']);

-- case: a stock's print is no option's, though their ids are the same
-- given: curated.alerts
select
    detector,
    detector as alert_key,
    '2024-03-01 15:00:01Z' as known_at
from (values ('options.sweep'), ('prices.sweep')) as given (detector);
-- given: curated.equity_prints
select
    '2024-03-01 15:00Z' as known_at,
    timestamptz '2024-03-01 15:30Z' as withdrawn_at;
-- expect: alert_key
values ('prices.sweep');

-- case: a filing that another replaced, and one that stands
-- given: curated.alerts
select
    'filings.holder_change' as detector,
    accession_no as alert_key,
    '{"accession_no": "' || accession_no || '"}' as evidence,
    '2024-02-14 21:00Z' as known_at,
    '2024-02-14 21:00Z' as fired_at
from (values ('x'), ('y')) as given (accession_no);
-- given: curated.filings
select *
from (
    values
    ('x', '2024-02-14 21:00Z', timestamptz '2024-02-20 12:00Z'),
    ('y', '2024-02-14 21:00Z', null)
) as given (accession_no, known_at, withdrawn_at);
-- expect: alert_key, withdrawn_at
values ('x', timestamptz '2024-02-20 12:00Z');

-- case: an alert that was itself taken away is nobody's to retract
-- given: curated.alerts
select
    '2024-03-01 15:00:01Z' as known_at,
    timestamptz '2024-03-01 15:10Z' as withdrawn_at;
-- given: curated.option_prints
select
    '2024-03-01 15:00Z' as known_at,
    timestamptz '2024-03-01 15:30Z' as withdrawn_at;
-- expect: nothing
