-- described is the number of the change that last wrote anything of a product
-- but its stock. 0: the change is older than this column.
ALTER TABLE products ADD COLUMN described BIGINT NOT NULL DEFAULT 0;

-- After every change, the search asks for the products that have changed and for
-- their stock, and finds both in this index.
DROP INDEX products_changed;
CREATE INDEX products_changed ON products (changed, id, stock, described);

-- search_index keeps the index of the search, which takes seconds to build of
-- many products: one for each format that programs have for it. It has all
-- changes up to last.
CREATE TABLE search_index (
    format BIGINT NOT NULL PRIMARY KEY,
    last   BIGINT NOT NULL,
    body   BYTEA  NOT NULL
);
