-- kind:       event
-- partition:  day
-- what:       The top of order books that are proven to be in sync, after each message.
-- grain:      one row per message that was applied
-- key:        venue, pair, epoch, update_id

create table book_tops (
    venue text not null,  -- binance, binance_usdm, bitfinex, coinbase, deribit, kraken
    pair text not null,  -- BASE-QUOTE, or the instrument where a venue has many of a pair
    epoch text not null,  -- the snapshot that the book was built from
    update_id bigint not null,  -- the venue's last id of the message, or counted from the snapshot
    exchange_at timestamptz,  -- the venue's event time; null where it tells none
    best_bid double not null,  -- quote currency
    best_ask double not null,  -- quote currency
    bid_size double not null,  -- base units at the best bid
    ask_size double not null,  -- base units at the best ask
    bid_size_5 double not null,  -- base units on the best five bids
    ask_size_5 double not null,  -- base units on the best five asks
    bid_size_10bps double,  -- base units within 10 bps of the mid; null beyond the book's reach
    ask_size_10bps double,  -- base units within 10 bps of the mid; null beyond the book's reach
    check (best_bid > 0),
    check (best_bid < best_ask)
);
