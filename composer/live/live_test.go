package live_test

import (
	"net/http"
	"slices"
	"testing"

	"go.uber.org/goleak"

	"selvedge/composer"
	"selvedge/composer/live"
	"selvedge/hub"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestComposerAndHubHaveOneEpoch(t *testing.T) {
	tests := []struct {
		name          string
		composer, hub string
		want          string // empty: random
	}{
		{"none is given", "", "", ""},
		{"the composer's", "a", "", "a"},
		{"the hub's", "", "b", "b"},
		{"two, of which the hub's counts", "a", "b", "b"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			site := newSite(t, composer.Options{Epoch: test.composer}, hub.Options{Epoch: test.hub})
			got, other := site.Composer().Epoch(), site.Hub().Epoch()
			if got != other || got == "" || test.want != "" && got != test.want {
				t.Errorf("epochs %q and %q; want both %q", got, other, test.want)
			}
		})
	}
}

func TestInvalidatedIsStillCalled(t *testing.T) {
	var told []string
	site := newSite(t, composer.Options{Invalidated: func(groups []string) { told = append(told, groups...) }}, hub.Options{})
	site.Invalidate("a", "b")
	if want := []string{"a", "b"}; !slices.Equal(told, want) {
		t.Errorf("Invalidated was told %q; want %q", told, want)
	}
}

func TestOptionsThatNoSiteCanHave(t *testing.T) {
	tests := []struct {
		name     string
		composer composer.Options
		hub      hub.Options
	}{
		{"of the composer", composer.Options{SessionCookie: "a b"}, hub.Options{}},
		{"of the hub", composer.Options{}, hub.Options{Origins: []string{"no origin"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := live.New(composer.NewRegistry(), test.composer, test.hub); err == nil {
				t.Error("New returned no error")
			}
		})
	}
}

func TestASourceMayBeAddedWhileASiteIsMade(t *testing.T) {
	registry := composer.NewRegistry()
	added := make(chan error)
	go func() { added <- registry.Add("cart", "1.0.0", composer.Source{Handler: http.NotFoundHandler()}) }()
	site, err := live.New(registry, composer.Options{}, hub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = site.Close(t.Context()) }()
	if err := <-added; err != nil {
		t.Error(err)
	}
}

func newSite(t *testing.T, c composer.Options, h hub.Options) *live.Site {
	t.Helper()
	site, err := live.New(composer.NewRegistry(), c, h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = site.Close(t.Context()) })
	return site
}
