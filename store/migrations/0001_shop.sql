-- Amounts of money are minor units, times are unix milliseconds in UTC, and
-- specs and pictures are JSON.

-- changes has one row. Whatever writes a product or a cart takes the next number
-- from it first and stamps what it writes with it. The row stays locked until the writer
-- commits, so numbers become visible in their order, and a reader that saw
-- number n finds everything younger by asking for changed > n.
CREATE TABLE changes (
    last BIGINT NOT NULL
);
INSERT INTO changes (last) VALUES (0);

CREATE TABLE products (
    id          BIGINT NOT NULL PRIMARY KEY,
    name        TEXT   NOT NULL CHECK (name <> ''),
    summary     TEXT   NOT NULL,
    description TEXT   NOT NULL,
    category    TEXT   NOT NULL CHECK (category <> ''),
    price       BIGINT NOT NULL CHECK (price >= 0),
    currency    TEXT   NOT NULL CHECK (length(currency) = 3),
    specs       TEXT   NOT NULL,
    pictures    TEXT   NOT NULL,
    stock       BIGINT NOT NULL CHECK (stock >= 0),
    added       BIGINT NOT NULL,
    version     BIGINT NOT NULL CHECK (version > 0),
    changed     BIGINT NOT NULL
);
CREATE INDEX products_changed ON products (changed);

CREATE TABLE carts (
    id      TEXT   NOT NULL PRIMARY KEY CHECK (id <> ''),
    version BIGINT NOT NULL CHECK (version > 0),
    changed BIGINT NOT NULL
);

-- position is the version that the cart had when the line came in, so that
-- lines stand in the order in which they were added.
CREATE TABLE cart_lines (
    cart_id    TEXT   NOT NULL REFERENCES carts (id),
    product_id BIGINT NOT NULL REFERENCES products (id),
    quantity   BIGINT NOT NULL CHECK (quantity BETWEEN 1 AND 99),
    position   BIGINT NOT NULL,
    PRIMARY KEY (cart_id, product_id)
);

CREATE TABLE orders (
    id          TEXT   NOT NULL PRIMARY KEY,
    cart_id     TEXT   NOT NULL REFERENCES carts (id),
    name        TEXT   NOT NULL,
    street      TEXT   NOT NULL,
    postal_code TEXT   NOT NULL,
    city        TEXT   NOT NULL,
    country     TEXT   NOT NULL,
    shipping    BIGINT NOT NULL CHECK (shipping >= 0),
    currency    TEXT   NOT NULL CHECK (length(currency) = 3),
    placed      BIGINT NOT NULL
);

CREATE TABLE order_lines (
    order_id   TEXT   NOT NULL REFERENCES orders (id),
    position   BIGINT NOT NULL,
    product_id BIGINT NOT NULL REFERENCES products (id),
    name       TEXT   NOT NULL,
    price      BIGINT NOT NULL CHECK (price >= 0),
    currency   TEXT   NOT NULL CHECK (length(currency) = 3),
    quantity   BIGINT NOT NULL CHECK (quantity BETWEEN 1 AND 99),
    PRIMARY KEY (order_id, position)
);

-- requests remembers the writes that carried an idempotency key. A row is
-- written before the cart or the order that it names, hence deferred.
CREATE TABLE requests (
    cart_id     TEXT   NOT NULL REFERENCES carts (id) DEFERRABLE INITIALLY DEFERRED,
    key         TEXT   NOT NULL,
    fingerprint TEXT   NOT NULL,
    order_id    TEXT   REFERENCES orders (id) DEFERRABLE INITIALLY DEFERRED,
    made        BIGINT NOT NULL,
    PRIMARY KEY (cart_id, key)
);
CREATE INDEX requests_made ON requests (made);
