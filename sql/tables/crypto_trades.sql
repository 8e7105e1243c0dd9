-- kind:       event
-- partition:  day
-- what:       Trades of crypto venues.
-- grain:      one row per trade, or per aggregate of one order's fills at one price
-- key:        venue, pair, is_aggregate, trade_id

create table crypto_trades (
    venue text not null,  -- binance, binance_usdm, bitfinex, coinbase, deribit, kraken
    pair text not null,  -- BASE-QUOTE, or the instrument where a venue has many of a pair
    trade_id bigint not null,  -- the venue's number, of trade or aggregate, or its moment
    is_aggregate boolean not null,  -- one aggressive order's fills at one price, merged
    traded_at timestamptz not null,  -- the matching engine's time
    price double not null,  -- quote currency
    size double not null,  -- base units
    side bigint not null,  -- 1 buyer-initiated, -1 seller-initiated
    check (side in (1, -1)),
    check (price > 0),
    check (size > 0)
);
