//go:build linux

package main

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selvedge/cmd/bench/internal/pagebench"
	"selvedge/cmd/bench/internal/workload"
	"selvedge/composer"
)

// stand is a server that stands for selvedge proxy, with the same command
// line: proxy ORIGIN --listen ADDRESS. The origin is its only fragment.
func stand(args []string) error {
	origin, err := url.Parse(args[1])
	if err != nil {
		return err
	}
	registry := composer.NewRegistry()
	if err := registry.Add(workload.SiteName, "1.0.0", composer.Source{URL: origin}); err != nil {
		return err
	}
	c, err := composer.New(registry, composer.Options{})
	if err != nil {
		return err
	}
	pages := c.Page(workload.SiteName)
	server := &http.Server{
		Addr:              args[3],
		ReadHeaderTimeout: time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.URL.Path = strings.TrimSuffix(r.URL.Path, workload.ESITemplate.Name) + workload.ReferenceTemplate.Name
			pages.ServeHTTP(w, r)
		}),
	}
	return server.ListenAndServe()
}

// shortRun measures everything, for moments.
func shortRun(selvedge string) pageOptions {
	return pageOptions{
		plan: pagebench.Plan{
			Connections:     2,
			Duration:        time.Millisecond,
			WarmUp:          time.Millisecond,
			StoredFragments: 100,
			MaxClientShare:  1 << 10, // the race detector takes much more than the clients
		},
		rounds:   2,
		rows:     pagebench.Rows(),
		selvedge: selvedge,
	}
}

func TestPagesAreMeasured(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out, progress strings.Builder
	o := shortRun(self)
	o.plan.Profiles = t.TempDir()
	if err := measurePages(t.Context(), o, &out, &progress); err != nil {
		t.Fatalf("measurePages: %v\n%s", err, progress.String())
	}
	for _, want := range []string{
		"2 connections, rounds: 2 of 1ms each.", "template and fragments cached", "    against bare handler", "10 uncached fragments of 20 ms",
		"allocations for a cached page", "memory of stored fragments of 1 KB", "processor time for a cached page of 1000 KB, includes: 10",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "not started") {
		t.Errorf("something was not started:\n%s", out.String())
	}
	if profiles, err := filepath.Glob(filepath.Join(o.plan.Profiles, "02-cached.prof")); err != nil || len(profiles) != 1 {
		t.Errorf("profiles of the second round: %q, %v; want one", profiles, err)
	}
}

func TestAProxyThatDoesNotStartIsAFault(t *testing.T) {
	var out, progress strings.Builder
	o := shortRun("false")
	o.rounds, o.rows = 1, []string{pagebench.Allocations}
	err := measurePages(t.Context(), o, &out, &progress)
	if err == nil || !strings.Contains(err.Error(), "the run is not valid: ours, as a proxy: not started: false: exit status 1") {
		t.Errorf("measurePages = %v; want a run that is not valid", err)
	}
	if !strings.Contains(out.String(), "allocations for a cached page") {
		t.Errorf("the others were not measured:\n%s", out.String())
	}
}

func TestCommandLineOfPages(t *testing.T) {
	for _, test := range []struct {
		name   string
		args   []string
		stderr string
	}{
		{"no rounds", []string{"--rounds", "0"}, "bench: --rounds is a number from 1, and --seconds one above 0\n"},
		{"no time", []string{"--seconds", "0"}, "bench: --rounds is a number from 1, and --seconds one above 0\n"},
		{"no such row", []string{"--only", "all"}, "bench: --only all: the rows are cached, uncached, slow, allocations, memory, growth\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr strings.Builder
			args := append([]string{"bench", "page"}, test.args...)
			if code := run(context.Background(), args, &stdout, &stderr); code != 1 || stderr.String() != test.stderr {
				t.Errorf("run(%q) = %d, stderr %q; want 1, %q", args, code, stderr.String(), test.stderr)
			}
		})
	}
}
