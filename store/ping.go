package store

import (
	"context"
	"database/sql"
	"sync"
	"time"
)

// The limits of Ping.
const (
	pingInterval = time.Second     // between two transactions
	pingTimeout  = 2 * time.Second // of a transaction
)

// pinger keeps what the last transaction of Ping came to.
type pinger struct {
	mu   sync.Mutex
	last time.Time
	err  error
}

// Ping reports whether the database can be read and written, by a transaction
// that is committed and changes nothing. A database that stays locked for two
// seconds cannot be written. There is one such transaction a second at most,
// because each waits for the disk and anybody may ask for it; other calls
// return what the last one came to.
func (s *Store) Ping(ctx context.Context) error {
	p := &s.pinger
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.last.IsZero() && time.Since(p.last) < pingInterval {
		return p.err
	}
	// The result is for others too, whoever caused it to be looked for.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTimeout)
	defer cancel()
	p.err = s.write(ctx, "ping store", func(tx *sql.Tx) error {
		_, err := exec(ctx, tx, `UPDATE changes SET last = last`)
		return err
	})
	p.last = time.Now()
	return p.err
}
