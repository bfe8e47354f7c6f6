package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"selvedge/composer"
	"selvedge/fragments"
)

func TestOurFragmentsBreakNoOpenPage(t *testing.T) {
	s := startShop(t)
	s.page("/")
	if log := s.log.String(); strings.Contains(log, "would break open pages") {
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
	registry := composer.NewRegistry()
	if err := registry.Add("table", "1.0.0", composer.Source{Handler: f}); err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	logger, err := newLogger(&log, "text")
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSite(registry, &process{logger: logger, fragments: []*fragments.Fragment{f}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.close(t.Context()) }()
	s.lint(t.Context())
	if !strings.Contains(log.String(), "/fragments/table/row") || !strings.Contains(log.String(), "root element tr") {
		t.Errorf("the lint says %q; want the reference and the fault", log.String())
	}
}
