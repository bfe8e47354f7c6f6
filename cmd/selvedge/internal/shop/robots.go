package shop

import (
	"io"
	"net/http"
)

// robots answers with the rules for crawlers (RFC 9309) and the address of the sitemap. The
// pages with a cart are closed to crawlers, because each visitor has a different cart.
func robots(w http.ResponseWriter, r *http.Request) {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = io.WriteString(w, "User-agent: *\nDisallow: /api/\nDisallow: /fragments/\nDisallow: /live\nDisallow: /orders/\n\n"+
		"Sitemap: "+scheme+"://"+r.Host+"/sitemap.xml\n")
}
