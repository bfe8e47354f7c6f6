package workbench

import (
	"embed"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"selvedge/fragments"
)

// benchName is the name of the fragment with the templates of the pages.
const benchName = "workbench"

//go:embed workbench.css
var styles embed.FS

// Fragments returns the fragments of this process, for site.Options: the templates of the
// pages.
func (b *Bench) Fragments() map[string]http.Handler {
	f, err := fragments.New(fragments.Manifest{
		Name: benchName, Version: "1.0.0", Title: "Fragments alone", Assets: styles, Styles: []string{"workbench.css"},
		Routes: []fragments.Route{
			{Pattern: "GET /{$}", Title: "The fragments and their samples", Handle: b.serveIndex},
			{Pattern: "GET /page/{fragment}/{path...}", Title: "A page around a fragment", Handle: b.servePage},
		},
	})
	if err != nil {
		panic("workbench: " + err.Error()) // the manifest is valid
	}
	return map[string]http.Handler{benchName: f}
}

// template is the answer with a template, which is of this moment.
var template = fragments.Answer{CacheControl: "no-store", Template: true}

// serveIndex answers with the links to all samples.
func (b *Bench) serveIndex(w http.ResponseWriter, r *http.Request) error {
	return fragments.HTML(w, r, indexView(b.fragments()), template)
}

// servePage answers with the template of a page around a fragment. The fragment receives the
// query of the page.
func (b *Bench) servePage(w http.ResponseWriter, r *http.Request) error {
	all := b.fragments()
	i := slices.IndexFunc(all, func(f shown) bool { return f.Name == r.PathValue("fragment") })
	if i < 0 {
		return &fragments.Problem{Status: http.StatusNotFound, Detail: "There is no fragment of this name here."}
	}
	path := (&url.URL{Path: "/" + r.PathValue("path")}).EscapedPath()
	return fragments.HTML(w, r, pageView(all[i], "/fragments/"+all[i].Name+path+"?$(QUERY_STRING)"), template)
}

// link returns the address of the page with a sample.
func link(f shown, s sample) templ.SafeURL { return templ.SafeURL("/" + f.Name + s.Path) }
