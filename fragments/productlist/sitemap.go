package productlist

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"

	"selvedge/fragments"
	"selvedge/store"
)

// sitemapSize is the number of products in a sitemap. A file of the protocol has
// 50,000 addresses at most (sitemaps.org).
const sitemapSize = 10_000

// sitemapNamespace is that of protocol 0.9.
const sitemapNamespace = "http://www.sitemaps.org/schemas/sitemap/0.9"

// sitemapIndex names the sitemaps of the shop.
type sitemapIndex struct {
	XMLName  xml.Name   `xml:"sitemapindex"`
	XMLNS    string     `xml:"xmlns,attr"`
	Sitemaps []location `xml:"sitemap"`
}

// sitemap names pages.
type sitemap struct {
	XMLName xml.Name   `xml:"urlset"`
	XMLNS   string     `xml:"xmlns,attr"`
	URLs    []location `xml:"url"`
}

type location struct {
	Loc string `xml:"loc"`
}

// sitemap answers with the index of the sitemaps, or with one of them: the page 0
// has the lists, and those from 1 have the products.
func (h handler) sitemap(w http.ResponseWriter, r *http.Request) error {
	ids, err := h.products.ProductIDs(r.Context())
	if err != nil {
		return fmt.Errorf("list the ids of products: %w", err)
	}
	last := (len(ids) + sitemapSize - 1) / sitemapSize
	if !r.URL.Query().Has("page") {
		index := sitemapIndex{XMLNS: sitemapNamespace}
		for page := range last + 1 {
			index.Sitemaps = append(index.Sitemaps, location{fmt.Sprintf("%s/sitemap.xml?page=%d", fragments.Origin(r), page)})
		}
		return writeXML(w, r, index)
	}
	page, err := strconv.Atoi(r.URL.Query().Get("page"))
	switch {
	case err != nil || page < 0 || page > last:
		return store.ErrNotFound
	case page == 0:
		return h.sitemapOfLists(w, r)
	}
	m := sitemap{XMLNS: sitemapNamespace}
	for _, id := range ids[(page-1)*sitemapSize : min(page*sitemapSize, len(ids))] {
		m.URLs = append(m.URLs, location{fmt.Sprintf("%s/products/%d", fragments.Origin(r), id)})
	}
	return writeXML(w, r, m)
}

func (h handler) sitemapOfLists(w http.ResponseWriter, r *http.Request) error {
	list, err := h.products.Products(r.Context(), store.Query{PerPage: 1})
	if err != nil {
		return fmt.Errorf("list categories: %w", err)
	}
	paths := []string{"/", listPath, newPath}
	for _, c := range list.Categories {
		paths = append(paths, address(store.Query{Category: c.Category}))
	}
	m := sitemap{XMLNS: sitemapNamespace}
	for _, path := range paths {
		m.URLs = append(m.URLs, location{fragments.Origin(r) + path})
	}
	return writeXML(w, r, m)
}

func writeXML(w http.ResponseWriter, r *http.Request, document any) error {
	body, err := xml.Marshal(document)
	if err != nil {
		return fmt.Errorf("encode sitemap: %w", err)
	}
	return fragments.Bytes(w, r, "application/xml", append([]byte(xml.Header), body...), fragments.Shared("products"))
}
