package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"time"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate runs the migrations that the database has not seen, each in one
// transaction. Processes that start at the same time take turns.
func (s *Store) migrate(ctx context.Context) error {
	entries, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	err = s.write(ctx, "prepare database", func(tx *sql.Tx) error {
		return checkSchema(ctx, tx, len(entries))
	})
	if err != nil {
		return err
	}
	for i, entry := range entries {
		name := entry.Name()
		err := s.write(ctx, "migrate to "+name, func(tx *sql.Tx) error {
			return migrateOnce(ctx, tx, i+1, name)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// checkSchema fails if a younger program has been here, whose schema this one
// cannot know.
func checkSchema(ctx context.Context, tx *sql.Tx, known int) error {
	const create = `CREATE TABLE IF NOT EXISTS migrations (
		number  BIGINT NOT NULL PRIMARY KEY,
		name    TEXT   NOT NULL,
		applied BIGINT NOT NULL
	)`
	if _, err := exec(ctx, tx, create); err != nil {
		return err
	}
	var last int
	const newest = `SELECT COALESCE(MAX(number), 0) FROM migrations`
	if err := tx.QueryRowContext(ctx, newest).Scan(&last); err != nil {
		return err
	}
	if last > known {
		return fmt.Errorf("schema %d is of a younger version of this program, which knows %d", last, known)
	}
	return nil
}

func migrateOnce(ctx context.Context, tx *sql.Tx, number int, name string) error {
	if prefix, err := strconv.Atoi(name[:4]); err != nil || prefix != number {
		return fmt.Errorf("migration %d is called %s", number, name)
	}
	const claim = `INSERT INTO migrations (number, name, applied) VALUES ($1, $2, $3)
		ON CONFLICT (number) DO NOTHING`
	n, err := exec(ctx, tx, claim, number, name, time.Now().UnixMilli())
	if err != nil || n == 0 {
		return err
	}
	script, err := migrations.ReadFile("migrations/" + name)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, string(script))
	return err
}
