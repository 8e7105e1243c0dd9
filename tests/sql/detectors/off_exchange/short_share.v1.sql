-- default: symbol = 'GME', source_symbol = 'GME', session_date = '2019-06-03'
-- default: known_at = '2019-06-03 22:00Z', closes_at = '2019-06-03 20:00Z'
-- default: short_volume = 700_000, total_volume = 1_000_000, short_share = 0.7
-- default: mean5 = 0.615, n_days = 5, n_obs = 252, mean5_pr = 1
-- default: bar = '1d', starts_at = '2019-06-03 13:30Z', close_full = 100

-- case: the highest five sessions of its own year fire in the evening, and are low
-- given: features.short_share
select 'GME' as symbol;
-- given: curated.equity_bars
select *
from (
    values
    ('GME', '2019-05-24', '2019-05-24 20:15Z'), ('GME', '2019-06-03', '2019-06-03 20:15Z')
) as given (symbol, session_date, known_at);
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'GME', 'underlying', '2019-06-03 20:00Z', '2019-06-03 22:00Z', 'bull', 39, 0.6, null,
    'GME: 62 % of off-exchange volume was sold short over five sessions, '
    'above 100 % of its own last 252 sessions',
    'off_exchange.short_share|GME|GME|2019-06-03',
    '{
        "source_symbol": "GME", "session_date": "2019-06-03", "short_share": 0.7,
        "mean5": 0.615, "mean5_pr": 1, "n_days": 5, "n_obs": 252, "short_history": false,
        "short_volume": 700000, "total_volume": 1000000, "return5": 0, "prints_lean": false
    }'
);

-- case: below the top percentile, and without a percentile, it stays quiet
-- given: features.short_share
select *
from (
    values
    ('BELOW', 252, 0.989999),
    ('NINETEEN', 19, null)
) as given (symbol, n_obs, mean5_pr);
-- given: curated.equity_bars
select *
from (
    values
    ('BELOW', '2019-05-24', '2019-05-24 20:15Z'), ('BELOW', '2019-06-03', '2019-06-03 20:15Z'),
    ('NINETEEN', '2019-05-24', '2019-05-24 20:15Z'), ('NINETEEN', '2019-06-03', '2019-06-03 20:15Z')
) as given (symbol, session_date, known_at);
-- expect: nothing

-- case: twenty sessions of history are enough at the top, and worth less than sixty
-- given: features.short_share
select
    *,
    symbol as source_symbol
from (
    values
    ('TWENTY', 20),
    ('FIFTYNINE', 59),
    ('SIXTY', 60)
) as given (symbol, n_obs);
-- given: curated.equity_bars
select *
from (
    values
    ('TWENTY', '2019-05-24', '2019-05-24 20:15Z'), ('TWENTY', '2019-06-03', '2019-06-03 20:15Z'),
    ('FIFTYNINE', '2019-05-24', '2019-05-24 20:15Z'),
    ('FIFTYNINE', '2019-06-03', '2019-06-03 20:15Z'),
    ('SIXTY', '2019-05-24', '2019-05-24 20:15Z'), ('SIXTY', '2019-06-03', '2019-06-03 20:15Z')
) as given (symbol, session_date, known_at);
-- expect: entity, score, confidence, evidence ->> '$.short_history'
values
('TWENTY', 39, 0.4, 'true'),
('FIFTYNINE', 39, 0.4, 'true'),
('SIXTY', 39, 0.6, 'false');

-- case: the score is 20 at the alert, 39 at the top, and in a line between
-- given: features.short_share
select
    *,
    symbol as source_symbol
from (
    values
    ('A', 0.99),
    ('B', 0.995),
    ('C', 1)
) as given (symbol, mean5_pr);
-- given: curated.equity_bars
select *
from (
    values
    ('A', '2019-05-24', '2019-05-24 20:15Z'), ('A', '2019-06-03', '2019-06-03 20:15Z'),
    ('B', '2019-05-24', '2019-05-24 20:15Z'), ('B', '2019-06-03', '2019-06-03 20:15Z'),
    ('C', '2019-05-24', '2019-05-24 20:15Z'), ('C', '2019-06-03', '2019-06-03 20:15Z')
) as given (symbol, session_date, known_at);
-- expect: entity, score
values
('A', 20),
('B', 29.5),
('C', 39);

-- case: a bound that is a parameter moves
-- param: min_mean5_pr = 0.9
-- param: min_total_volume = 2_000_000
-- given: features.short_share
select
    *,
    symbol as source_symbol
from (
    values
    ('A', 0.9, 2_000_000),
    ('B', 0.95, 2_000_000),
    ('C', 1, 1_999_999),
    ('D', 0.89, 2_000_000)
) as given (symbol, mean5_pr, total_volume);
-- given: curated.equity_bars
select *
from (
    values
    ('A', '2019-05-24', '2019-05-24 20:15Z'), ('A', '2019-06-03', '2019-06-03 20:15Z'),
    ('B', '2019-05-24', '2019-05-24 20:15Z'), ('B', '2019-06-03', '2019-06-03 20:15Z'),
    ('C', '2019-05-24', '2019-05-24 20:15Z'), ('C', '2019-06-03', '2019-06-03 20:15Z'),
    ('D', '2019-05-24', '2019-05-24 20:15Z'), ('D', '2019-06-03', '2019-06-03 20:15Z')
) as given (symbol, session_date, known_at);
-- expect: entity, score
values
('A', 20),
('B', 29.5),
('C', 19);

-- case: a symbol and session are answered once, at the first moment, whatever comes later
-- given: features.short_share
select *
from (
    values
    (0.615, 1, '2019-06-03 22:00Z', '2019-06-04 14:00Z'),
    (0.635, 1, '2019-06-04 14:00Z', null)
) as given (mean5, mean5_pr, known_at, withdrawn_at);
-- given: curated.equity_bars
select *
from (
    values
    ('GME', '2019-05-24', '2019-05-24 20:15Z'), ('GME', '2019-06-03', '2019-06-03 20:15Z')
) as given (symbol, session_date, known_at);
-- expect: fired_at, alert_key, evidence ->> '$.mean5'
values ('2019-06-03 22:00Z', 'off_exchange.short_share|GME|GME|2019-06-03', '0.615');

-- case: a correction that makes it unusual is answered when it is known
-- given: features.short_share
select *
from (
    values
    (0.515, 0.5, '2019-06-03 22:00Z', '2019-06-04 14:00Z'),
    (0.615, 1, '2019-06-04 14:00Z', null)
) as given (mean5, mean5_pr, known_at, withdrawn_at);
-- given: curated.equity_bars
select *
from (
    values
    ('GME', '2019-05-24', '2019-05-24 20:15Z'), ('GME', '2019-06-03', '2019-06-03 20:15Z')
) as given (symbol, session_date, known_at);
-- expect: happened_at, fired_at, score
values ('2019-06-03 20:00Z', '2019-06-04 14:00Z', 39);

-- case: a later version is not answered again, though only it is in the span
-- span: 2019-06-17T19:59Z 2019-06-18
-- given: features.short_share
select *
from (
    values
    ('2019-06-03 22:00Z', '2019-06-17 20:00Z'),
    ('2019-06-17 20:00Z', null)
) as given (known_at, withdrawn_at);
-- given: curated.equity_bars
select *
from (
    values
    ('GME', '2019-05-24', '2019-05-24 20:15Z'), ('GME', '2019-06-03', '2019-06-03 20:15Z')
) as given (symbol, session_date, known_at);
-- expect: nothing

-- case: what is not known before the end of the span is not answered
-- span: 2019-06-03 2019-06-03T22:00Z
-- given: features.short_share
select 'GME' as symbol;
-- given: curated.equity_bars
select *
from (
    values
    ('GME', '2019-05-24', '2019-05-24 20:15Z'), ('GME', '2019-06-03', '2019-06-03 20:15Z')
) as given (symbol, session_date, known_at);
-- expect: nothing

-- case: a row known before the close fires when the close is told
-- given: features.short_share
select '2019-06-03 19:00Z' as known_at;
-- given: curated.equity_bars
select *
from (
    values
    ('GME', '2019-05-24', '2019-05-24 20:15Z'), ('GME', '2019-06-03', '2019-06-03 20:15Z')
) as given (symbol, session_date, known_at);
-- expect: happened_at, fired_at
values ('2019-06-03 20:00Z', '2019-06-03 20:15Z');

-- case: each session is an alert of its own
-- given: features.short_share
select *
from (
    values
    ('2019-06-03', '2019-06-03 20:00Z', '2019-06-03 22:00Z'),
    ('2019-06-04', '2019-06-04 20:00Z', '2019-06-04 22:00Z')
) as given (session_date, closes_at, known_at);
-- given: curated.equity_bars
select *
from (
    values
    ('GME', '2019-05-24', '2019-05-24 20:15Z'), ('GME', '2019-05-28', '2019-05-28 20:15Z'),
    ('GME', '2019-06-03', '2019-06-03 20:15Z'), ('GME', '2019-06-04', '2019-06-04 20:15Z')
) as given (symbol, session_date, known_at);
-- expect: fired_at, alert_key
values
('2019-06-03 22:00Z', 'off_exchange.short_share|GME|GME|2019-06-03'),
('2019-06-04 22:00Z', 'off_exchange.short_share|GME|GME|2019-06-04');

-- case: in a thin name one trade is the day, and it is worth a mention at most (noisy)
-- given: features.short_share
select
    *,
    symbol as source_symbol
from (
    values
    ('THIN', 99_999, 1, 0.99),
    ('ENOUGH', 100_000, 1, 0.99)
) as given (symbol, total_volume, short_share, mean5);
-- given: curated.equity_bars
select *
from (
    values
    ('THIN', '2019-05-24', '2019-05-24 20:15Z'), ('THIN', '2019-06-03', '2019-06-03 20:15Z'),
    ('ENOUGH', '2019-05-24', '2019-05-24 20:15Z'), ('ENOUGH', '2019-06-03', '2019-06-03 20:15Z')
) as given (symbol, session_date, known_at);
-- expect: entity, direction, score, evidence ->> '$.total_volume'
values
('THIN', 'bull', 19, '99999.0'),
('ENOUGH', 'bull', 39, '100000.0');

-- case: a market maker's hedge that is most of the volume is taken for buying (noisy)
-- given: features.short_share
select
    'GLDX' as symbol,
    'GLDX' as source_symbol,
    950_000 as short_volume,
    0.95 as short_share,
    0.94 as mean5;
-- given: curated.equity_bars
select *
from (
    values
    ('GLDX', '2019-05-24', '2019-05-24 20:15Z'), ('GLDX', '2019-06-03', '2019-06-03 20:15Z')
) as given (symbol, session_date, known_at);
-- expect: entity, direction, score, headline
values (
    'GLDX', 'bull', 39,
    'GLDX: 94 % of off-exchange volume was sold short over five sessions, '
    'above 100 % of its own last 252 sessions'
);

-- case: a day without volume has no share of its own, and stays quiet
-- given: features.short_share
select
    null as short_share,
    0 as short_volume,
    0 as total_volume;
-- given: curated.equity_bars
select *
from (
    values
    ('GME', '2019-05-24', '2019-05-24 20:15Z'), ('GME', '2019-06-03', '2019-06-03 20:15Z')
) as given (symbol, session_date, known_at);
-- expect: nothing

-- case: a version withdrawn before the close it waits for gives way to the next
-- given: features.short_share
select *
from (
    values
    ('2019-06-03 18:00Z', '2019-06-03 19:00Z', 400_000),
    ('2019-06-03 19:00Z', null, 600_000)
) as given (known_at, withdrawn_at, total_volume);
-- given: curated.equity_bars
select *
from (
    values
    ('GME', '2019-05-24', '2019-05-24 20:15Z'), ('GME', '2019-06-03', '2019-06-03 20:15Z')
) as given (symbol, session_date, known_at);
-- expect: fired_at, evidence ->> '$.total_volume'
values ('2019-06-03 20:15Z', '600000.0');

-- case: a price that moved by 2 % over the five sessions keeps it quiet, either way
-- given: features.short_share
select
    *,
    symbol as source_symbol
from (
    values
    ('UP'), ('DOWN'), ('CALM'), ('NONE')
) as given (symbol);
-- given: curated.equity_bars
select *
from (
    values
    ('UP', '2019-05-24', 100, '2019-05-24 20:15Z'),
    ('UP', '2019-06-03', 102, '2019-06-03 20:15Z'),
    ('DOWN', '2019-05-24', 100, '2019-05-24 20:15Z'),
    ('DOWN', '2019-06-03', 98, '2019-06-03 20:15Z'),
    ('CALM', '2019-05-24', 100, '2019-05-24 20:15Z'),
    ('CALM', '2019-06-03', 101.9, '2019-06-03 20:15Z'),
    ('NONE', '2019-06-03', 100, '2019-06-03 20:15Z')
) as given (symbol, session_date, close_full, known_at);
-- expect: entity, evidence ->> '$.return5'
values ('CALM', '0.019');

-- case: without dividends' closes the price is that of splits alone
-- given: features.short_share
select 'GME' as symbol;
-- given: curated.equity_bars
select
    *,
    'GME' as symbol
from (
    values
    ('2019-05-24', null, 50, '2019-05-24 20:15Z'),
    ('2019-06-03', 100, 50.5, '2019-06-03 20:15Z')
) as given (session_date, close_full, close_split, known_at);
-- expect: entity, evidence ->> '$.return5'
values ('GME', '0.01');

-- case: a close that is told late fires then, and the first that was told of it counts
-- given: features.short_share
select 'GME' as symbol;
-- given: curated.equity_bars
select
    *,
    'GME' as symbol
from (
    values
    ('2019-05-24', 100, '2019-05-24 20:15Z'),
    ('2019-06-03', 101, '2019-06-04 12:00Z'),
    ('2019-06-03', 110, '2019-06-05 12:00Z')
) as given (session_date, close_full, known_at);
-- expect: fired_at, evidence ->> '$.return5'
values ('2019-06-04 12:00Z', '0.01');

-- case: a close more than ten days late is none
-- given: features.short_share
select 'GME' as symbol;
-- given: curated.equity_bars
select
    *,
    'GME' as symbol
from (
    values
    ('2019-05-24', '2019-05-24 20:15Z'),
    ('2019-06-03', '2019-06-13 20:00:01Z')
) as given (session_date, known_at);
-- expect: nothing

-- case: prints that leaned to buyers in the three newest sessions told by then make it medium
-- given: features.short_share
select
    *,
    symbol as source_symbol
from (values ('THREE'), ('TWO'), ('MIXED'), ('OLD')) as given (symbol);
-- given: curated.equity_bars
select
    given.symbol,
    bars.session_date,
    bars.session_date || ' 20:15Z' as known_at
from (values ('THREE'), ('TWO'), ('MIXED'), ('OLD')) as given (symbol)
cross join (values ('2019-05-24'), ('2019-06-03')) as bars (session_date);
-- given: features.off_exchange_flow
select *
from (
    values
    ('THREE', '2019-05-29', 'bull', '2019-05-30 00:15Z'),
    ('THREE', '2019-05-30', 'bull', '2019-05-31 00:15Z'),
    ('THREE', '2019-05-31', 'bull', '2019-06-01 00:15Z'),
    ('THREE', '2019-06-03', 'bear', '2019-06-04 00:15Z'),
    ('TWO', '2019-05-30', 'bull', '2019-05-31 00:15Z'),
    ('TWO', '2019-05-31', 'bull', '2019-06-01 00:15Z'),
    ('MIXED', '2019-05-29', 'bull', '2019-05-30 00:15Z'),
    ('MIXED', '2019-05-30', 'neutral', '2019-05-31 00:15Z'),
    ('MIXED', '2019-05-31', 'bull', '2019-06-01 00:15Z'),
    ('OLD', '2019-05-28', 'bull', '2019-05-29 00:15Z'),
    ('OLD', '2019-05-29', 'bull', '2019-05-30 00:15Z'),
    ('OLD', '2019-05-30', 'bull', '2019-05-31 00:15Z')
) as given (symbol, session_date, direction, known_at);
-- expect: entity, score, evidence ->> 'prints_lean', contains(headline, 'leaned to buyers')
values
('THREE', 59, 'true', true), ('TWO', 39, 'false', false), ('MIXED', 39, 'false', false),
('OLD', 39, 'false', false);
