-- default: symbol = 'AAPL', session_date = '2024-03-01', mark = 4, known_at = '2024-03-01 16:31Z'
-- default: volume = 900_000, value_usd = 60_000_000, n_obs = 60, mean20 = 300_000, ratio20 = 3
-- default: trend = 1.2, median60 = 280_000, max60 = 800_000, mz60 = 5

-- case: the first mark with a high z and twice the mean fires, further ones do not
-- given: features.equity_volume
select *
from (
    values (3, 3.4, '2024-03-01 16:01Z'), (4, 5, '2024-03-01 16:31Z'), (5, 9, '2024-03-01 17:01Z')
) as given (mark, mz60, known_at);
-- expect: entity, fired_at, direction, score, confidence, notional_usd, headline, alert_key
values (
    'AAPL', timestamptz '2024-03-01 16:31Z', null, 60, 0.9, 60_000_000,
    'AAPL: 3.0 times the usual volume in the first 120 minutes',
    'prices.volume_spike|AAPL|2024-03-01'
);

-- case: a high z or twice the mean alone, and a stock that hardly trades, stay quiet
-- given: features.equity_volume
select *
from (
    values
    ('z alone', 5, 1.9, 280_000), ('mean alone', 3.4, 5, 280_000), ('thin', 9, 9, 9_999),
    ('no history', null, null, null)
) as given (symbol, mz60, ratio20, median60);
-- expect: nothing

-- case: the score is 40, 60, 80 and 100 at 3.5, 5, 7 and 12, with the caps of the rule book
-- given: features.equity_volume
select *
from (
    values
    ('a', 3.5, 60_000_000, 60, 800_000), ('b', 5, 60_000_000, 60, 800_000),
    ('c', 7, 60_000_000, 60, 800_000), ('d', 12, 60_000_000, 60, 800_000),
    ('no maximum', 7, 60_000_000, 60, 900_000), ('small', 7, 4_999_999, 60, 800_000),
    ('not ten times', 12, 49_000_000, 60, 800_000), ('short', 7, 60_000_000, 59, 800_000)
) as given (symbol, mz60, value_usd, n_obs, max60);
-- expect: entity, score
values
('a', 40), ('b', 60), ('c', 80), ('d', 100),
('no maximum', 59), ('small', 19), ('not ten times', 79), ('short', 39);

-- case: the founding bands and the trend are told beside it
-- given: features.equity_volume
select *
from (
    values ('a', 2, 1.11, 13), ('b', 3, 1.1, 13), ('c', 5, 0.89, 13)
) as given (symbol, ratio20, trend, mark);
-- expect: entity, json_extract_string(evidence, '$.severity_legacy'),
--     json_extract_string(evidence, '$.trend_label'), headline
values
('a', 'medium', 'rising', 'a: 2.0 times the usual volume in the session'),
('b', 'high', 'flat', 'b: 3.0 times the usual volume in the session'),
('c', 'extreme', 'falling', 'c: 5.0 times the usual volume in the session');

-- case: when an index is rebalanced all of its members fire (noisy)
-- given: features.equity_volume
select *
from (values ('AAPL'), ('MSFT')) as given (symbol);
-- expect: entity
values ('AAPL'), ('MSFT');
