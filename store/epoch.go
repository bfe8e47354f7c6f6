package store

import (
	"context"
	"crypto/rand"
	"database/sql"
)

// Epoch names the life of the data: revisions of one epoch only grow. A store
// begins another one when its driver says that nobody else has the database
// open, because a backup may have been restored before.
func (s *Store) Epoch(ctx context.Context) (string, error) {
	var epoch string
	err := s.read(ctx, "read epoch", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT epoch FROM changes`).Scan(&epoch)
	})
	return epoch, err
}

// epochLength is the number of characters of an epoch, 32 to choose from for
// each. It is part of every fragment with a revision.
const epochLength = 8

// beginEpoch gives the data another epoch if the store is alone with it, and
// one if it has none.
func (s *Store) beginEpoch(ctx context.Context) error {
	return s.write(ctx, "begin epoch", func(tx *sql.Tx) error {
		_, err := exec(ctx, tx, `UPDATE changes SET epoch = $1 WHERE $2 OR epoch = ''`,
			rand.Text()[:epochLength], s.driver.Alone)
		return err
	})
}
