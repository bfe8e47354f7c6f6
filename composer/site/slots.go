package site

import (
	"net/http"
	"strings"

	"selvedge/composer/site/config"
)

// slotPrefix begins the address of a slot in templates: /-/slots/NAME.
const slotPrefix = "/-/slots/"

// slots returns the handler of slots: a slot is a template that includes its fragments in
// the order of the configuration. A fragment that fails leaves its place empty, and the
// others stand.
func slots(c *config.Config) http.Handler {
	templates := make(map[string]string, len(c.Slots))
	for name, entries := range c.Slots {
		var b strings.Builder
		for _, entry := range entries {
			if t, err := c.Template(entry); err == nil { // Config.Check has read it
				b.WriteString(`<esi:include src="` + t.Include() + `" onerror="continue"/>`)
			}
		}
		templates[name] = b.String()
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		template, ok := templates[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Surrogate-Control", `content="ESI/1.0"`)
		h.Set("Cache-Control", "public, max-age=31536000") // a slot that changes is mounted again
		_, _ = w.Write([]byte(template))
	})
}
