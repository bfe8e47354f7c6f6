-- key_mark tells whose key lies beside the database, without giving it away;
-- empty: nobody has looked yet.
ALTER TABLE changes ADD COLUMN key_mark TEXT NOT NULL DEFAULT '';
