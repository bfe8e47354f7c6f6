package main

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // the store's own driver
)

// TestAStoreThatCannotBeWrittenIsNotReady keeps the database locked, which
// reading does not notice, as a full disk would.
func TestAStoreThatCannotBeWrittenIsNotReady(t *testing.T) {
	data := t.TempDir()
	s := startShop(t, "--data", data)
	status := func() int { return s.do(http.MethodGet, "/readyz", "").StatusCode }
	if got := status(); got != http.StatusOK {
		t.Fatalf("/readyz is %d at the start; want 200", got)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "selvedge.db")+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	lock, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is not ready", func() bool { return status() == http.StatusServiceUnavailable })
	if got := s.page("/"); got.StatusCode != http.StatusOK {
		t.Errorf("a page is %d meanwhile; want 200, because pages only read", got.StatusCode)
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is ready again", func() bool { return status() == http.StatusOK })
}
