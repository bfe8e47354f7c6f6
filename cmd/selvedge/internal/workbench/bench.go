package workbench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"selvedge/composer/manifest"
	"selvedge/composer/site/config"
)

// Bench has fragments that are shown alone. Its methods are safe for concurrent use.
type Bench struct {
	urls []*url.URL

	mu    sync.Mutex
	shown []shown
}

// New returns a bench of the fragments at URLs. The path of a URL, if it has one, is shown as
// a sample. The error describes a text that is no URL.
func New(urls []string) (*Bench, error) {
	b := &Bench{}
	for _, text := range urls {
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, fmt.Errorf("%q is no address of a fragment, as in http://127.0.0.1:7001 or http://127.0.0.1:7001/notes", text)
		}
		b.urls = append(b.urls, u)
	}
	return b, nil
}

// sourceTimeout is the time that a page waits for a fragment. It is longer than in a site,
// because an author may stop the program in a debugger.
const sourceTimeout = 30 * time.Second

// Configure reads the manifests, and has a configuration show the fragments.
func (b *Bench) Configure(ctx context.Context, c *config.Config) {
	all := b.read(ctx)
	b.mu.Lock()
	b.shown = all
	b.mu.Unlock()
	c.Fragments = map[string]config.Fragment{benchName: {}}
	c.Pages = config.Pages{{Pattern: "/", Template: benchName + "/"}}
	for _, f := range all {
		c.Fragments[f.Name] = config.Fragment{URL: f.URL, Timeout: sourceTimeout}
		c.Pages = append(c.Pages, config.Page{Pattern: "/" + f.Name + "/{path...}", Template: benchName + "/page/" + f.Name + "/{path}"})
	}
}

// followInterval is the time between two readings of the manifests.
const followInterval = time.Second

// Follow sends to changed whenever a manifest differs from those that Configure has read,
// until ctx ends.
func (b *Bench) Follow(ctx context.Context, changed chan<- struct{}) {
	tick := time.NewTicker(followInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if all := b.read(ctx); reflect.DeepEqual(all, b.fragments()) || ctx.Err() != nil {
			continue
		}
		select {
		case changed <- struct{}{}:
		case <-ctx.Done():
		}
	}
}

// fragments returns the fragments by their manifests.
func (b *Bench) fragments() []shown {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.shown
}

// read reads the manifests. A fragment that does not answer stays as it was.
func (b *Bench) read(ctx context.Context) []shown {
	before := b.fragments()
	all := make([]shown, len(b.urls))
	taken := map[string]bool{benchName: true, "fragments": true} // whose paths are the site's
	for i, u := range b.urls {
		m, err := manifest.Read(ctx, serverOf(u))
		if err != nil && !errors.Is(err, manifest.ErrNone) && i < len(before) {
			all[i] = before[i]
		} else {
			all[i] = newShown(u, m)
		}
		for n, name := 2, all[i].Name; taken[all[i].Name]; n++ {
			all[i].Name = name + "-" + strconv.Itoa(n)
		}
		taken[all[i].Name] = true
	}
	return all
}

// serverOf returns a URL without its path.
func serverOf(u *url.URL) *url.URL { return &url.URL{Scheme: u.Scheme, Host: u.Host, User: u.User} }

// shown is a fragment with its links.
type shown struct {
	Name, Title, Version string
	URL                  string // of its server
	Samples              []sample
}

// sample is a path with sample data.
type sample struct{ Title, Path string }

var (
	validName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,60}$`)
	notInName = regexp.MustCompile(`[^a-z0-9]+`)
)

// newShown returns the fragment at a URL with its manifest, which is the zero value if there
// is none.
func newShown(u *url.URL, m manifest.Manifest) shown {
	f := shown{Name: m.Name, Title: cmp.Or(m.Title, m.Name, u.Host), Version: m.Version, URL: serverOf(u).String()}
	if !validName.MatchString(f.Name) {
		f.Name = strings.Trim(notInName.ReplaceAllString(strings.ToLower(u.Host), "-"), "-")
	}
	if path := u.RequestURI(); path != "/" {
		f.Samples = append(f.Samples, sample{path, path})
	}
	for _, p := range m.Paths {
		if strings.HasPrefix(p.Pattern, http.MethodGet+" ") && strings.HasPrefix(p.Sample, "/") && p.Sample != u.RequestURI() {
			f.Samples = append(f.Samples, sample{cmp.Or(p.Title, p.Sample), p.Sample})
		}
	}
	if f.Samples == nil {
		f.Samples = []sample{{"/", "/"}}
	}
	return f
}
