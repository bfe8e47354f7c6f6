package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"selvedge/cmd/selvedge/internal/logging"
	"selvedge/cmd/selvedge/internal/shop"
	"selvedge/cmd/selvedge/internal/shop/datafolder"
	"selvedge/composer"
	"selvedge/fragments"
	"selvedge/store/sqlite"
)

func TestOurFragmentsBreakNoOpenPage(t *testing.T) {
	data, err := shop.Open(t.Context(), shop.Options{Folder: datafolder.New(sqlite.Memory, false), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	if log := lintLog(t, data.Fragments()...); log != "" {
		t.Errorf("the lint finds faults:\n%s", log)
	}
}

func TestAFragmentThatWouldBreakPagesIsNamed(t *testing.T) {
	row := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, `<tr id="row"><td>1</td></tr>`)
		return err
	})
	f, err := fragments.New(fragments.Manifest{Name: "table", Version: "1.0.0", Routes: []fragments.Route{{
		Pattern: "GET /row", Sample: "/row",
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			return fragments.HTML(w, r, row, fragments.Answer{Groups: []string{"rows"}})
		},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	log := lintLog(t, f)
	if !strings.Contains(log, "/fragments/table/row") || !strings.Contains(log, "root element tr") {
		t.Errorf("the lint says %q; want the reference and the fault", log)
	}
}

// lintLog returns what the lint of fragments logs.
func lintLog(t *testing.T, all ...*fragments.Fragment) string {
	t.Helper()
	var log strings.Builder
	logger, err := logging.New(&log, logging.Options{Format: "text"})
	if err != nil {
		t.Fatal(err)
	}
	registry := composer.NewRegistry()
	for _, f := range all {
		if err := registry.Add(f.Manifest().Name, f.Manifest().Version, composer.Source{Handler: f}); err != nil {
			t.Fatal(err)
		}
	}
	c, err := composer.New(registry, composer.Options{Logger: logger, SessionCookie: fragments.SessionCookie})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	lintShop(t.Context(), all, c, logger)
	return log.String()
}

// TestAPageInDevelopmentSaysWhatItsPartsLack looks at a list whose parts are stored, and not
// live.
func TestAPageInDevelopmentSaysWhatItsPartsLack(t *testing.T) {
	const want = "/fragments/productlist/related/1: 1:1: the response has groups, and its first element has no id"
	s := startShop(t, "--dev")
	eventually(t, "the warning is in the page and in the log", func() bool {
		return strings.Contains(s.page("/products/1").Header.Get("Selvedge-Warning"), want) && strings.Contains(s.log.String(), "/fragments/productlist/related/1")
	})
	if got := startShop(t).page("/products/1").Header.Get("Selvedge-Warning"); got != "" {
		t.Errorf("a visitor's page has the warning %q", got)
	}
}
