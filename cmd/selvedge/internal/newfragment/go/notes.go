package main

import (
	"embed"
	"net/http"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"selvedge/fragments"
)

// name is the name of the fragment, and of the group of its data.
const name = "noname"

const maxNote = 200 // characters

//go:embed style.css
var files embed.FS

// notes is the data of the fragment, in memory.
type notes struct {
	mu    sync.Mutex // guards texts
	texts []string
}

func newFragment() (*fragments.Fragment, error) {
	n := new(notes)
	return fragments.New(fragments.Manifest{
		Name: name, Version: "0.1.0", Title: "A list of notes with a form",
		Assets: files, Styles: []string{"style.css"},
		Routes: []fragments.Route{
			{Pattern: "GET /list", Title: "All notes", Sample: "/list", Handle: n.list},
			{Pattern: "POST /add", Title: "Add a note", Handle: n.add},
		},
	})
}

// list is rendered once for all visitors, and again after its group has changed.
func (n *notes) list(w http.ResponseWriter, r *http.Request) error {
	n.mu.Lock()
	texts := slices.Clone(n.texts)
	n.mu.Unlock()
	return fragments.HTML(w, r, list(texts), fragments.Shared(name))
}

// add changes the group, so all open pages are sent the list.
func (n *notes) add(w http.ResponseWriter, r *http.Request) error {
	var form struct {
		Note string `json:"note"`
	}
	if err := fragments.Decode(w, r, &form); err != nil {
		return err
	}
	text := strings.TrimSpace(form.Note)
	if text == "" || utf8.RuneCountInString(text) > maxNote {
		return &fragments.Problem{Status: http.StatusBadRequest, Detail: "A note has 1 to 200 characters."}
	}
	n.mu.Lock()
	n.texts = append(n.texts, text)
	n.mu.Unlock()
	return fragments.SeeOther(w, r, "/", fragments.Answer{Changed: []string{name}})
}
