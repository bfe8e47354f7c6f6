package sqlite

import (
	"database/sql"
	"path/filepath"
	"testing"

	"selvedge/store"
)

func TestConnections(t *testing.T) {
	var file, memory store.Driver
	if err := openFile(&file, filepath.Join(t.TempDir(), "shop.db")); err != nil {
		t.Fatal(err)
	}
	if err := openMemory(&memory); err != nil {
		t.Fatal(err)
	}
	dbs := map[string]*sql.DB{"writer": file.Writer, "reader": file.Reader, "memory": memory.Writer}
	for _, db := range dbs {
		t.Cleanup(func() { _ = db.Close() })
	}
	for _, tt := range []struct{ db, pragma, want string }{
		{"writer", "journal_mode", "wal"},
		{"writer", "synchronous", "2"}, // FULL
		{"writer", "foreign_keys", "1"},
		{"writer", "busy_timeout", "5000"},
		{"reader", "journal_mode", "wal"},
		{"reader", "query_only", "1"},
		{"reader", "busy_timeout", "5000"},
		{"memory", "foreign_keys", "1"},
	} {
		var got string
		err := dbs[tt.db].QueryRowContext(t.Context(), "PRAGMA "+tt.pragma).Scan(&got)
		if err != nil || got != tt.want {
			t.Errorf("%s: PRAGMA %s = %q, %v; want %q", tt.db, tt.pragma, got, err, tt.want)
		}
	}
}
