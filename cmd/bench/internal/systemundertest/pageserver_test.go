//go:build linux

package systemundertest

import (
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"selvedge/cmd/bench/internal/workload"
)

func TestTheComposerMakesTheSamePage(t *testing.T) {
	var requests atomic.Int64
	h, err := newHandler(Composed, &requests)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", workload.PagePath(workload.Cached, workload.Usual, workload.ReferenceTemplate), nil))
	if w.Code != 200 || w.Body.String() != workload.Usual.Text(workload.Usual.Fragment) {
		t.Errorf("status %d with %d bytes, which are not the page", w.Code, w.Body.Len())
	}
}
