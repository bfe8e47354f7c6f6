package productlist

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/fragments"
	"selvedge/store"
)

// first is the first page of everything, which queries in tests vary.
var first = store.Query{Page: 1, PerPage: store.DefaultPerPage}

func with(change func(*store.Query)) store.Query {
	q := first
	change(&q)
	return q
}

func TestParse(t *testing.T) {
	tests := []struct {
		name, raw string
		want      store.Query
		canonical string
	}{
		{"nothing is the first page of everything", "", first, ""},
		{"defaults are left out", "q=&category=&min=&max=&stock=&sort=relevance&page=1&perPage=24", first, ""},
		{"a minimum of zero is no bound", "min=0", first, ""},
		{"unknown parameters are ignored", "utm_source=mail&utm_source=twice", first, ""},
		{"white space in a text counts once", "q=+++red++wool%0A",
			with(func(q *store.Query) { q.Text = "red wool" }), "q=red+wool"},
		{"everything at once",
			"q=mug&category=kitchen&min=5&max=12.5&stock=1&sort=-price&page=3&perPage=100",
			store.Query{Text: "mug", Category: "kitchen", MinPrice: 500, MaxPrice: 1250, InStock: true,
				Sort: store.SortPriceDown, Page: 3, PerPage: 100},
			"category=kitchen&max=12.50&min=5&page=3&perPage=100&q=mug&sort=-price&stock=1"},
		{"min and max may be equal", "min=0.07&max=0.07",
			with(func(q *store.Query) { q.MinPrice, q.MaxPrice = 7, 7 }), "max=0.07&min=0.07"},
		{"the most of everything", "q=" + strings.Repeat("%C3%A4", 200) + "&max=1000000.00&page=1000000",
			with(func(q *store.Query) {
				q.Text, q.MaxPrice, q.Page = strings.Repeat("ä", 200), 100_000_000, 1_000_000
			}),
			"max=1000000&page=1000000&q=" + strings.Repeat("%C3%A4", 200)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := parse(test.raw)
			if err != nil {
				t.Fatalf("parse(%q) = %v", test.raw, err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("parse(%q) (-want +got):\n%s", test.raw, diff)
			}
			if encoded := encode(got); encoded != test.canonical {
				t.Errorf("encode(parse(%q)) = %q; want %q", test.raw, encoded, test.canonical)
			}
		})
	}
}

func TestParseNamesWhatIsWrong(t *testing.T) {
	tests := []struct{ raw, parameter string }{
		{"min=abc", "min"},
		{"min=-1", "min"},
		{"min=1e3", "min"},
		{"min=1,50", "min"},
		{"min=.5", "min"},
		{"min=1.234", "min"},
		{"min=1000000.01", "min"},
		{"min=99999999999999999999", "min"},
		{"min=10&max=9.99", "min"},
		{"max=0", "max"},
		{"max=NaN", "max"},
		{"stock=yes", "stock"},
		{"stock=0", "stock"},
		{"sort=cheap", "sort"},
		{"page=0", "page"},
		{"page=-1", "page"},
		{"page=abc", "page"},
		{"page=1.5", "page"},
		{"page=1000001", "page"},
		{"page=99999999999999999999", "page"},
		{"perPage=0", "perPage"},
		{"perPage=101", "perPage"},
		{"q=" + strings.Repeat("x", 201), "q"},
		{"q=%FF", "q"},
		{"q=a%00b", "q"},
		{"q=a&q=b", "q"},
		{"page=1&page=1", "page"},
	}
	for _, test := range tests {
		t.Run(test.raw, func(t *testing.T) {
			q, err := parse(test.raw)
			var problem *fragments.Problem
			if !errors.As(err, &problem) {
				t.Fatalf("parse(%q) = %+v, %v; want a problem", test.raw, q, err)
			}
			if problem.Status != http.StatusBadRequest || problem.Extra["parameter"] != test.parameter {
				t.Errorf("parse(%q) = status %d about %v; want 400 about %s",
					test.raw, problem.Status, problem.Extra["parameter"], test.parameter)
			}
			if !strings.Contains(problem.Detail, "The parameter "+test.parameter+" must be ") {
				t.Errorf("parse(%q) says %q; want what the parameter must be", test.raw, problem.Detail)
			}
		})
	}
}

func TestParseRefusesBrokenEncoding(t *testing.T) {
	for _, raw := range []string{"q=%zz", "q=a;page=2", "%"} {
		var problem *fragments.Problem
		if q, err := parse(raw); !errors.As(err, &problem) || problem.Status != http.StatusBadRequest {
			t.Errorf("parse(%q) = %+v, %v; want a problem with status 400", raw, q, err)
		}
	}
}

func TestSearchTextIsEmptyWhenTheQueryIsBad(t *testing.T) {
	tests := []struct{ raw, want string }{
		{"", ""},
		{"q=red+wool", "red wool"},
		{"q=wool&page=abc", "wool"},
		{"q=a&q=b", "a"},
		{"q=%FF", ""},
		{"q=%zz", ""},
		{"q=" + strings.Repeat("x", 201), ""},
	}
	for _, test := range tests {
		if got := searchText(test.raw); got != test.want {
			t.Errorf("searchText(%q) = %q; want %q", test.raw, got, test.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("q=mug&category=kitchen&min=5&max=12.5&stock=1&sort=-price&page=3&perPage=100")
	f.Add("q=%FF&min=1e9&max=-0&sort=relevance")
	f.Add("q=a;b&page=007&min=.&max=1.")
	f.Fuzz(func(t *testing.T, raw string) {
		q, err := parse(raw)
		if err != nil {
			var problem *fragments.Problem
			if !errors.As(err, &problem) || problem.Status != http.StatusBadRequest {
				t.Fatalf("parse(%q) = %v; want a problem with status 400", raw, err)
			}
			return
		}
		encoded := encode(q)
		again, err := parse(encoded)
		if err != nil || again != q {
			t.Errorf("parse(%q) = %+v, %v; want %+v", encoded, again, err, q)
		}
		values, err := url.ParseQuery(encoded)
		if err != nil || values.Encode() != encoded {
			t.Errorf("encode(%+v) = %q; want a query in its canonical form", q, encoded)
		}
	})
}
