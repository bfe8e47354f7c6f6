package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestAddressesOfBeforeLeadToTheList(t *testing.T) {
	s := startShop(t)
	tests := []struct {
		path     string
		status   int
		location string
	}{
		{"/?q=wool", 301, "/products?q=wool"},
		{"/?category=kitchen&page=2&utm_source=mail", 301, "/products?category=kitchen&page=2&utm_source=mail"},
		{"/?q=&category=&min=", 301, "/products"},
		{"/?q=%22%0d%0aX:+y&sort=", 301, "/products?q=%22%0d%0aX:+y"},
		{"/?utm_source=mail", 200, ""},
		{"/products?q=wool&min=&max=&stock=&sort=", 301, "/products?q=wool"},
		{"/products?utm_source=&q=wool", 200, ""},
		{"/new?page=", 301, "/new"},
	}
	for _, test := range tests {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			got := s.do(method, test.path, "", "Accept", acceptPage)
			if got.StatusCode != test.status || got.Header.Get("Location") != test.location {
				t.Errorf("%s %s = %d to %q; want %d to %q", method, test.path, got.StatusCode, got.Header.Get("Location"), test.status, test.location)
			}
		}
	}
}

func TestRobotsAreToldWhereThePagesAre(t *testing.T) {
	s := startShop(t)
	body := s.do(http.MethodGet, "/robots.txt", "").body
	if !strings.Contains(body, "\nDisallow: /orders/\n") || !strings.HasSuffix(body, "\nSitemap: "+s.url+"/sitemap.xml\n") {
		t.Errorf("robots.txt:\n%s", body)
	}
	lists := s.do(http.MethodGet, "/sitemap.xml?page=0", "")
	if got := lists.Header.Get("Content-Type"); got != "application/xml" || !strings.Contains(lists.body, "<loc>"+s.url+"/products?category=kitchen</loc>") {
		t.Errorf("sitemap of lists, %s:\n%s", got, lists.body)
	}
	forged := s.do(http.MethodGet, "/robots.txt", "", "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "evil").body
	if strings.Contains(forged, "evil") {
		t.Errorf("robots.txt says what a visitor wants:\n%s", forged)
	}
}

func TestEveryPageHasATitleOfItsOwn(t *testing.T) {
	s := startShop(t)
	titles := map[string]string{}
	for _, path := range []string{
		"/", "/products", "/products?page=2", "/products?category=kitchen", "/products?category=garden", "/products?q=wool", "/new",
		"/products/1", "/cart", "/delivery", "/returns", "/contact", "/imprint", "/privacy", "/nothing",
	} {
		eventually(t, path+" has the title that its fragment knows", func() bool {
			d := s.page(path).document(t)
			title := d.Find("title").Text()
			other, taken := titles[title]
			if d.Find("head > title").Length() != 1 || title == "" || taken && other != path {
				t.Logf("title of %s: %q, as that of %s", path, title, other)
				return false
			}
			titles[title] = path
			return true
		})
	}
}
