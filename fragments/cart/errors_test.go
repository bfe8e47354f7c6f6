package cart

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/fragments"
	"selvedge/store"
)

// answerTo returns the answer to a request that ended in err.
func answerTo(t *testing.T, err error, fields ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/cart", nil)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	w := httptest.NewRecorder()
	fragments.Error(w, r, explain(r, err))
	return w
}

func TestAProgramIsToldWhatIsShort(t *testing.T) {
	w := answerTo(t, &store.ShortError{Lines: []store.Line{
		{Product: store.Product{ID: 7, Name: "Mug", Stock: 3}, Quantity: 5},
		{Product: store.Product{ID: 8, Name: "Pot"}, Quantity: 1},
	}})
	var got struct {
		Detail string
		Short  []map[string]any
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if want := "Only 3 of Mug left. Pot is sold out. Nothing was ordered."; got.Detail != want {
		t.Errorf("detail = %q; want %q", got.Detail, want)
	}
	want := []map[string]any{
		{"productId": 7.0, "name": "Mug", "wanted": 5.0, "left": 3.0},
		{"productId": 8.0, "name": "Pot", "wanted": 1.0, "left": 0.0},
	}
	if diff := cmp.Diff(want, got.Short); diff != "" {
		t.Errorf("short (-want +got):\n%s", diff)
	}
}

func TestAProgramIsToldWhatACartCanHave(t *testing.T) {
	mug := store.Product{ID: 7, Name: "Mug", Stock: 2}
	plenty := store.Product{ID: 7, Name: "Mug", Stock: 200}
	tests := []struct {
		err    store.ScarceError
		detail string
		want   map[string]any
	}{
		{store.ScarceError{Product: mug, Wanted: 3, InCart: 2}, "Mug: Only 2 left; 2 are in your cart.",
			map[string]any{"inCart": 2.0, "possible": 2.0, "short": []any{map[string]any{"productId": 7.0, "name": "Mug", "wanted": 3.0, "left": 2.0}}}},
		{store.ScarceError{Product: mug, Wanted: 3, InCart: 1}, "Mug: Only 2 left; 1 is in your cart.", nil},
		{store.ScarceError{Product: mug, Wanted: 9}, "Mug: Only 2 left.", nil},
		{store.ScarceError{Product: store.Product{ID: 7, Name: "Mug"}, Wanted: 2, InCart: 1}, "Mug is sold out; 1 is in your cart.", nil},
		{store.ScarceError{Product: plenty, Wanted: 300}, "Mug: Only 200 left.", map[string]any{"possible": 99.0}},
	}
	for _, test := range tests {
		w := answerTo(t, &test.err)
		var got map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if w.Code != 409 || got["detail"] != test.detail {
			t.Errorf("%+v: %d %q; want 409 %q", test.err, w.Code, got["detail"], test.detail)
		}
		for name, want := range test.want {
			if diff := cmp.Diff(want, got[name]); diff != "" {
				t.Errorf("%+v: %s (-want +got):\n%s", test.err, name, diff)
			}
		}
	}
}

func TestAKeyThatWasUsedBeforeIsExplainedByItsReader(t *testing.T) {
	if w := answerTo(t, store.ErrKeyReused); w.Code != 422 || !strings.Contains(w.Body.String(), "Idempotency key reused") {
		t.Errorf("a program gets %d %s; want 422", w.Code, w.Body)
	}
	if w := answerTo(t, store.ErrKeyReused, "Accept", "text/html"); w.Code != 409 || !strings.Contains(w.Body.String(), "Done already") {
		t.Errorf("a person gets %d %s; want 409", w.Code, w.Body)
	}
}

func TestTheNoticeOfAScarceProductIsTrueForItsRevision(t *testing.T) {
	err := &store.ScarceError{Product: store.Product{ID: 7, Name: "Mug", Stock: 2, Revision: 5}, Wanted: 3}
	w := answerTo(t, err, "Accept", "text/html", "Hx-Request", "true")
	if want := `data-while="#stock-7[data-revision=&#34;5&#34;]"`; !strings.Contains(w.Body.String(), want) {
		t.Errorf("the notice is %s; want it with %s", w.Body, want)
	}
}
