-- kind:       event
-- partition:  day
-- what:       Changes of price levels in order books that are proven to be in sync.
-- grain:      one row per changed level; of a snapshot, per level that it changed
-- key:        venue, pair, epoch, update_id, book_side, price

create table book_updates (
    venue text not null,  -- binance, binance_usdm, coinbase, deribit, kraken
    pair text not null,  -- BASE-QUOTE, or the instrument where a venue has many of a pair
    epoch text not null,  -- the snapshot that the book was built from; no chain crosses it
    update_id bigint not null,  -- the venue's last id of the message, or counted from the snapshot
    exchange_at timestamptz,  -- the venue's event time; null in a snapshot
    is_snapshot boolean not null,  -- the level came with the snapshot
    book_side bigint not null,  -- 1 bid, -1 ask
    price double not null,  -- quote currency
    size double not null,  -- base units now at the level; 0 where it is gone
    prev_size double not null,  -- base units before; 0 where the level is new
    best_bid double,  -- after the whole message; null while the side is empty
    best_ask double,  -- after the whole message
    check (book_side in (1, -1)),
    check (price > 0),
    check (size >= 0),
    check (prev_size >= 0)
);
