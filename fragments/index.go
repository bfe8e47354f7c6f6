package fragments

import "net/http"

// Index returns a handler for a description of the fragment in JSON: its name, version,
// title and policy, and the pattern, title and sample of each route.
func Index(f *Fragment) http.Handler {
	type path struct {
		Pattern string `json:"pattern"`
		Title   string `json:"title,omitempty"`
		Sample  string `json:"sample,omitempty"`
	}
	type index struct {
		Name    string `json:"name"`
		Version string `json:"version"`
		Title   string `json:"title"`
		Paths   []path `json:"paths"`

		Policy map[string][]string `json:"policy,omitempty"`
	}
	m := f.manifest
	body := index{Name: m.Name, Version: m.Version, Title: m.Title, Paths: []path{}, Policy: m.Policy}
	for _, route := range m.Routes {
		body.Paths = append(body.Paths, path{route.Pattern, route.Title, route.Sample})
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := JSON(w, r, body, Answer{CacheControl: "public, max-age=60"}); err != nil {
			Error(w, r, err)
		}
	})
}
