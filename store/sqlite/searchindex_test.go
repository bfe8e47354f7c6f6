package sqlite_test

import (
	"path/filepath"
	"testing"

	"selvedge/store"
)

// finds checks how many products a search finds in the database at path, of a
// store that is opened for it.
func finds(t *testing.T, path, text string, want int) {
	t.Helper()
	s := open(t, path)
	defer func() { _ = s.Close() }()
	list, err := s.Products(t.Context(), store.Query{Text: text})
	if err != nil || list.Total != want {
		t.Errorf("Products(%q) = %d products, %v; want %d", text, list.Total, err, want)
	}
}

func TestASearchBeginsWithTheIndexOfAnEarlierStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	s := open(t, path)
	fill(t, s, 5)
	_ = s.Close()
	finds(t, path, "zeppelin", 0)

	// The new name does not count as a change, so only a search that reads all
	// products finds it.
	execute(t, path, "UPDATE products SET name = 'Zeppelin' WHERE id = 3")
	finds(t, path, "zeppelin", 0)

	execute(t, path, "UPDATE changes SET last = last + 1")
	execute(t, path, "UPDATE products SET stock = 0, changed = (SELECT last FROM changes) WHERE id = 3")
	finds(t, path, "zeppelin", 0)

	execute(t, path, "UPDATE products SET described = changed WHERE id = 3")
	finds(t, path, "zeppelin", 1)

	// And that one is saved as well.
	execute(t, path, "UPDATE products SET name = 'Rocket' WHERE id = 3")
	finds(t, path, "zeppelin", 1)
}

func TestAnIndexThatCannotBeReadIsReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	s := open(t, path)
	fill(t, s, 5)
	_ = s.Close()
	execute(t, path, "UPDATE products SET name = 'Zeppelin' WHERE id = 3")
	finds(t, path, "zeppelin", 1)
	execute(t, path, "UPDATE search_index SET body = 'broken'")
	execute(t, path, "UPDATE products SET name = 'Rocket' WHERE id = 3")
	finds(t, path, "rocket", 1)
	execute(t, path, "UPDATE products SET name = 'Zeppelin' WHERE id = 3")
	finds(t, path, "rocket", 1)
}

func TestAnIndexOfAnEarlierFormatIsDeleted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	s := open(t, path)
	fill(t, s, 5)
	_ = s.Close()
	execute(t, path, "INSERT INTO search_index (format, last, body) VALUES (0, 1, 'of an earlier program')")
	finds(t, path, "zeppelin", 0)
	execute(t, path, "INSERT INTO search_index (format, last, body) VALUES (0, 1, 'fails if there is one')")
}

// TestASearchSucceedsThoughItsIndexCannotBeSaved has a trigger refuse it.
func TestASearchSucceedsThoughItsIndexCannotBeSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	s := open(t, path)
	fill(t, s, 5)
	_ = s.Close()
	execute(t, path, "CREATE TRIGGER refuse BEFORE INSERT ON search_index BEGIN SELECT RAISE(ABORT, 'refused'); END")
	execute(t, path, "UPDATE products SET name = 'Zeppelin' WHERE id = 3")
	finds(t, path, "zeppelin", 1)
}
