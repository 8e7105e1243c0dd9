-- kind:       event
-- partition:  day
-- what:       Changes of price levels, or of orders, in order books that are proven to be in sync.
-- grain:      one row per changed level or order; of a snapshot, per level or order that it changed
-- key:        venue, pair, epoch, update_id, book_side, price, order_id

create table book_updates (
    venue text not null,  -- binance, binance_usdm, bitfinex, coinbase, deribit, kraken
    pair text not null,  -- BASE-QUOTE, or the instrument where a venue has many of a pair
    epoch text not null,  -- the snapshot that the book was built from; no chain crosses it
    update_id bigint not null,  -- the venue's last id of the message, or counted from the snapshot
    exchange_at timestamptz,  -- the venue's event time; null where it tells none
    is_snapshot boolean not null,  -- it came with the snapshot
    book_side bigint not null,  -- 1 bid, -1 ask
    price double not null,  -- quote currency
    order_id bigint not null,  -- the venue's id of the order; 0 where it shows levels only
    size double not null,  -- base units now; 0 where the level or the order is gone from the price
    prev_size double not null,  -- base units before; 0 where the level or the order is new there
    best_bid double,  -- after the whole message; null while the side is empty
    best_ask double,  -- after the whole message
    bid_size_50bps double,  -- base units within 50 bps of the mid; null beyond the book's reach
    ask_size_50bps double,  -- base units within 50 bps of the mid; null beyond the book's reach
    bid_size_200bps double,  -- base units within 200 bps of the mid; null beyond the book's reach
    ask_size_200bps double,  -- base units within 200 bps of the mid; null beyond the book's reach
    bid_size_500bps double,  -- base units within 500 bps of the mid; null beyond the book's reach
    ask_size_500bps double,  -- base units within 500 bps of the mid; null beyond the book's reach
    bid_size_all double,  -- base units on all bids that are known
    ask_size_all double,  -- base units on all asks that are known
    check (book_side in (1, -1)),
    check (price > 0),
    check (size >= 0),
    check (prev_size >= 0)
);
