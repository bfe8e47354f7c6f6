-- epoch names the life of the data that the numbers of changes count. It is
-- another one after the data may have gone back, as by a backup.
ALTER TABLE changes ADD COLUMN epoch TEXT NOT NULL DEFAULT '';
