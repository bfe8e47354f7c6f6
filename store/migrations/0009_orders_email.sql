-- email is where the buyer hears of an order. Empty: the order is older than this
-- column.
ALTER TABLE orders ADD COLUMN email TEXT NOT NULL DEFAULT '';
