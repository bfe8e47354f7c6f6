package lint

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"selvedge/composer/manifest"
)

// readManifest reads the manifest, and returns the addresses of its samples, and the
// mistakes in it.
func (s *source) readManifest(ctx context.Context) ([]*url.URL, []Finding, error) {
	address, a, err := s.manifestAnswer(ctx)
	if err != nil {
		return nil, nil, err
	}
	if address == nil {
		r := &report{url: s.base.Redacted()}
		r.add("manifest", "serve one at /manifest.json with the paths of the fragment, or give lint the address of a path",
			"there is no manifest at /-/manifest or /manifest.json, so no path but / is known")
		return s.root(ctx, r)
	}
	r := &report{url: address.Redacted(), body: a.body}
	m, ok := checkManifest(r)
	if !ok {
		return nil, r.findings, nil
	}
	var samples []*url.URL
	offsets := offsetsOf(a.body)
	for i, path := range m.Paths {
		if sample, ok := checkPath(r, offsets, i, path); ok {
			samples = append(samples, s.base.ResolveReference(sample))
		}
	}
	return samples, r.sorted(), nil
}

// manifestAnswer returns the response with the manifest and its address, or a nil address
// if there is none.
func (s *source) manifestAnswer(ctx context.Context) (*url.URL, answer, error) {
	for _, address := range manifest.Addresses(s.base) {
		a, err := s.request(ctx, http.MethodGet, address, "", "Accept", "application/json")
		if err != nil {
			return nil, a, err
		}
		if a.status == http.StatusOK && bytes.HasPrefix(bytes.TrimSpace(a.body), []byte("{")) {
			return address, a, nil
		}
	}
	return nil, answer{}, nil
}

// root returns the address of the root path, if the source serves it.
func (s *source) root(ctx context.Context, r *report) ([]*url.URL, []Finding, error) {
	a, err := s.request(ctx, http.MethodGet, s.base, "")
	if err != nil || a.status == http.StatusNotFound {
		return nil, r.findings, err
	}
	return []*url.URL{s.base}, r.findings, nil
}

// checkManifest checks a manifest against the schema. It reports false for text that is no
// JSON, or has members of a wrong type.
func checkManifest(r *report) (m manifest.Manifest, ok bool) {
	if len(r.body) > manifest.MaxSize {
		r.add("manifest", "shorten the titles", "the manifest is longer than %d bytes", manifest.MaxSize)
		return m, false
	}
	var value any
	if err := json.Unmarshal(r.body, &value); err != nil {
		var wrong *json.SyntaxError
		offset := len(r.body)
		if errors.As(err, &wrong) {
			offset = int(wrong.Offset) - 1
		}
		r.addAt(offset, "manifest", "correct the JSON", "the manifest is no JSON: %v", err)
		return m, false
	}
	offsets := offsetsOf(r.body)
	for _, v := range violations(value) {
		r.addAt(offsets[v.pointer], "manifest", "see the schema, which a site serves at /-/manifest.schema.json", "%s: %s", v.subject(), v.text)
	}
	return m, json.Unmarshal(r.body, &m) == nil
}

// checkPath checks a path of a manifest, and returns the address of its sample, if it is
// one for GET.
func checkPath(r *report, offsets map[string]int, i int, path manifest.Path) (*url.URL, bool) {
	place := func(member string) int {
		if offset, ok := offsets[fmt.Sprint("/paths/", i, "/", member)]; ok {
			return offset
		}
		return offsets[fmt.Sprint("/paths/", i)]
	}
	mux, err := muxOf(path.Pattern)
	if err != nil {
		r.addAt(place("pattern"), "manifest", "write a method and a path, as in GET /products/{id}", "the pattern %q: %v", path.Pattern, err)
		return nil, false
	}
	method, own, _ := strings.Cut(path.Pattern, " ")
	own = strings.TrimSuffix(own, "{$}")
	switch {
	case method != http.MethodGet:
		return nil, false
	case path.Sample == "" && strings.Contains(own, "{"):
		r.addAt(place("pattern"), "sample", `add one with data, as in "sample": "/products/1"`, "the path %q has no sample, so it was not requested", path.Pattern)
		return nil, false
	case path.Sample != "":
		own = path.Sample
	}
	u, err := url.Parse(own)
	if err != nil || !strings.HasPrefix(own, "/") || strings.HasPrefix(own, "//") {
		r.addAt(place("sample"), "sample", "write a path, as in /products/1", "the sample %q is no path", own)
		return nil, false
	}
	if _, pattern := mux.Handler(&http.Request{Method: method, URL: u}); pattern == "" {
		r.addAt(place("sample"), "sample", "write a path that the pattern matches", "the sample %q does not fit %q", own, path.Pattern)
	}
	return u, true
}

// muxOf returns a mux with a pattern. The error is the panic of the mux.
func muxOf(pattern string) (mux *http.ServeMux, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("%v", reason)
		}
	}()
	if _, path, ok := strings.Cut(pattern, " "); !ok || !strings.HasPrefix(path, "/") {
		return nil, errors.New("it is no method and a path")
	}
	mux = http.NewServeMux()
	mux.Handle(pattern, http.NotFoundHandler())
	return mux, nil
}
