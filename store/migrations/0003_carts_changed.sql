-- The carts that were written after some change are looked for many times a
-- second.
CREATE INDEX carts_changed ON carts (changed);
