-- What waits for a card: asked for each card of a vote whenever somebody votes.

create index outbox_by_card on outbox (card_id, state) where card_id is not null;
