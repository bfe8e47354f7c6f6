package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
)

// BelongsTo reports whether the data was kept beside a key: the one of the last
// MarkKey. Data that was never marked belongs to every key.
func (s *Store) BelongsTo(ctx context.Context, key []byte) (bool, error) {
	var mark string
	err := s.read(ctx, "read mark of key", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT key_mark FROM changes`).Scan(&mark)
	})
	return mark == "" || mark == markOf(key), err
}

// MarkKey remembers the key that lies beside the data.
func (s *Store) MarkKey(ctx context.Context, key []byte) error {
	return s.write(ctx, "mark key", func(tx *sql.Tx) error {
		_, err := exec(ctx, tx, `UPDATE changes SET key_mark = $1 WHERE key_mark <> $1`, markOf(key))
		return err
	})
}

// markOf returns a hash from which the key cannot be found.
func markOf(key []byte) string {
	sum := sha256.Sum256(append([]byte("selvedge key mark\n"), key...))
	return hex.EncodeToString(sum[:8])
}
