-- active is the time of the last activity of a cart. 0: unknown, because the
-- cart is older than this column. NULL: nothing of the cart can end, because an
-- order refers to it and it has no lines.
ALTER TABLE carts ADD COLUMN active BIGINT DEFAULT 0;
CREATE INDEX carts_active ON carts (active);
