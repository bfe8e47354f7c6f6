-- written is the version that its cart got when a line was last written, so
-- that a form which showed an older one can be refused.
ALTER TABLE cart_lines ADD COLUMN written BIGINT NOT NULL DEFAULT 0;

-- An order has the version of the cart that it was made of. A version is bought
-- once; a checkout that comes again, without its key, finds the order by it.
ALTER TABLE orders ADD COLUMN cart_version BIGINT;
CREATE UNIQUE INDEX orders_cart_version ON orders (cart_id, cart_version);
