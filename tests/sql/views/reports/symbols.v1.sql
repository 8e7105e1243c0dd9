-- default: known_at = '2024-03-01 15:00:00Z'

-- case: a stock is named by whoever tells of it, each once, and a coin is none
-- given: raw.equity_bars
select *
from (values ('IBM'), ('IBM'), ('AAPL')) as given (symbol);
-- given: raw.securities
select *
from (values ('IBM'), (null)) as given (ticker);
-- given: raw.insider_filings
select 'brk-b' as trading_symbol;
-- given: raw.option_chains
select 'deribit:BTC-USD' as underlying;
-- expect: symbol, n_datasets, datasets
values
('AAPL', 1, ['equity_bars']),
('BRK.B', 1, ['insider_filings']),
('IBM', 2, ['equity_bars', 'securities']);

-- case: an option's root is a ticker, but for those that are told
-- given: raw.option_trades
select *
from (
    values
    ('SPXW240315C05000000'),
    ('AAPL240315C00180000'),
    ('AAPL240315P00180000'),
    ('BTC-29MAR24-60000-C')
) as given (contract);
-- given: raw.option_roots
select
    'SPXW' as root,
    'SPX' as underlying;
-- expect: symbol, datasets
values ('AAPL', ['option_trades']), ('SPX', ['option_trades']);
