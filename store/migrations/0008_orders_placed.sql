-- The last orders are looked for to tell what is ordered most.
CREATE INDEX orders_placed ON orders (placed);
