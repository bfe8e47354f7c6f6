package fragmentstest

import (
	"net/http"
	"slices"
	"testing"

	"selvedge/fragments"
	"selvedge/fragments/lint"
)

// Lint fails the test for each mistake that package lint finds in the responses to the
// sample paths of a fragment. The findings of the accepted rules, such as "sample" for a
// path whose data no test can know, are no failures.
func Lint(t testing.TB, f *fragments.Fragment, accepted ...string) {
	t.Helper()
	v := newVisitor(t, f)
	o := lint.Options{Client: &http.Client{Transport: v.client.Transport}, SessionCookie: fragments.SessionCookie}
	findings, err := lint.Source(t.Context(), v.server.String(), o)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, finding := range findings {
		if !slices.Contains(accepted, finding.Rule) {
			t.Errorf("%s: %s", finding.Rule, finding)
		}
	}
}
