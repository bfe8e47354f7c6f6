package workload

import (
	"net/http"
	"strconv"
)

// A Template is the way in which a page names its fragments.
type Template struct {
	Name    string // in paths
	include string // format of an include; the argument is the fragment's path
	header  http.Header
}

// The templates that a [Site] has of each page.
var (
	// ESITemplate is ESI with paths of the origin.
	ESITemplate = Template{"esi", `<esi:include src="%s"/>`, esiHeader}
	// ReferenceTemplate is ESI for a composer that has the site as a fragment.
	ReferenceTemplate = Template{"references", `<esi:include src="/fragments/` + SiteName + `%s"/>`, esiHeader}
	// SSITemplate is the server-side includes of nginx.
	SSITemplate = Template{"ssi", `<!--# include virtual="%s" -->`, nil}
	// WholePage is the complete page, with no includes.
	WholePage = Template{Name: "whole"}

	esiHeader = http.Header{"Surrogate-Control": {`content="ESI/1.0"`}}
)

// SiteName is the name of the site as a fragment of a composer.
const SiteName = "site"

// PagePath returns the path of a page.
func PagePath(k Kind, p Page, t Template) string {
	return "/page/" + k.Name + "/" + p.String() + "/" + t.Name
}

// fragmentPath returns the path of fragment i, counted from 0.
func fragmentPath(k Kind, p Page, i int) string {
	return "/part/" + k.Name + "/" + p.String() + "/" + strconv.Itoa(i)
}
