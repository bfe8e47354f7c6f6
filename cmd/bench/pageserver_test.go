//go:build linux

package main

import (
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"selvedge/cmd/bench/internal/workload"
)

func TestTheComposerMakesTheSamePage(t *testing.T) {
	var asked atomic.Int64
	h, err := newRole(composedRole, &asked)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", workload.PagePath(workload.Cached, workload.Usual, workload.ReferenceTemplate), nil))
	if w.Code != 200 || w.Body.String() != workload.Usual.Text(workload.Usual.Fragment) {
		t.Errorf("status %d with %d bytes, which are not the page", w.Code, w.Body.Len())
	}
}

func TestStoredFragmentsAreKept(t *testing.T) {
	kept, err := keep(200)
	if err != nil {
		t.Fatal(err)
	}
	if kept.Again != 0 || kept.Bytes < 200*keptSize {
		t.Errorf("keep(200) = %+v; want none made again, and at least their bytes", kept)
	}
}
