package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"selvedge/composer"
	"selvedge/fragments/problem"
)

// Invalidation is a handler for POST /-/invalidate: a program names data that was changed
// by anything but a request to this site, and the composer drops the stored responses of
// the data. Open pages are sent the changed fragments.
//
// The data is named by one or both of the following:
//
//   - the groups in the field Cache-Group-Invalidation (RFC 9875 §3);
//   - a body with the fields of [composer.Purge], in JSON or as a form: groups, urls,
//     prefix, all, soft. A form has a field for each group and each URL.
//
// The response is JSON: {"groups": [...], "dropped": 3}.
type Invalidation struct {
	// Composer has the stored responses. It is required.
	Composer *composer.Composer

	// Authorize returns the error of a request that may not invalidate, as
	// [BearerToken.Authorize] does. With nil, every request is answered 403, because
	// any visitor could load the sources with fetches.
	Authorize func(http.ResponseWriter, *http.Request) error

	// Error answers a request with an error: a *[Problem], or the error of Authorize.
	// Default: that of [ErrorPages].
	Error func(http.ResponseWriter, *http.Request, error)
}

// ServeHTTP answers a request.
func (i *Invalidation) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p, dropped, err := i.purge(w, r)
	if err != nil {
		fail := i.Error
		if fail == nil {
			fail = ErrorPages{}.Error
		}
		fail(w, r, err)
		return
	}
	body, _ := json.Marshal(struct { // strings and numbers: no error
		Groups  []string `json:"groups"`
		Dropped int      `json:"dropped"` // responses, with the validated responses of a soft purge
	}{p.Groups, dropped})
	body = append(body, '\n')
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}

// purge purges the responses of a request's data.
func (i *Invalidation) purge(w http.ResponseWriter, r *http.Request) (composer.Purge, int, error) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return composer.Purge{}, 0, &Problem{Status: http.StatusMethodNotAllowed, Detail: "This address answers POST."}
	}
	if i.Authorize == nil {
		return composer.Purge{}, 0, &Problem{Status: http.StatusForbidden, Title: "Invalidating is disabled",
			Detail: "The server has no token for an operator."}
	}
	if err := i.Authorize(w, r); err != nil {
		return composer.Purge{}, 0, err
	}
	p, err := readPurge(w, r)
	if err != nil {
		return p, 0, err
	}
	dropped, err := i.Composer.Purge(p)
	if wrong := (*composer.PurgeError)(nil); errors.As(err, &wrong) {
		err = &Problem{Status: http.StatusBadRequest, Title: "This is no address", Detail: err.Error()}
	}
	return p, dropped, err
}

// purgeBody is a purge as a body in JSON or a form.
type purgeBody struct {
	Groups []string `json:"groups"`
	URLs   []string `json:"urls"`
	Prefix string   `json:"prefix"`
	All    bool     `json:"all"`
	Soft   bool     `json:"soft"`
}

// readPurge returns the purge of a request. The error is a *Problem.
func readPurge(w http.ResponseWriter, r *http.Request) (p composer.Purge, err error) {
	if r.ContentLength != 0 {
		var body purgeBody
		if err := problem.Decode(w, r, &body); err != nil {
			return p, err
		}
		p = composer.Purge(body)
	}
	p.Groups = append(append([]string{}, composer.ChangedGroups(r.Header)...), p.Groups...)
	if len(p.Groups) == 0 && len(p.URLs) == 0 && p.Prefix == "" && !p.All {
		return p, &Problem{Status: http.StatusBadRequest, Title: "Nothing is named",
			Detail: `Name groups in the header Cache-Group-Invalidation: "a", "b", or in JSON groups as {"groups": ["a", "b"]}, ` +
				`addresses as {"urls": ["/list", "https://shop.example/list?page=2"]}, what addresses begin with as {"prefix": "/list"}, or {"all": true}. ` +
				`With "soft": true it is validated before it is used, and not dropped.`}
	}
	return p, nil
}
