package dev

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFilesThatDoNotCount(t *testing.T) {
	folder := t.TempDir()
	for name, want := range map[string]bool{
		"app.py": false, "page.html": false, "Makefile": false, "notes.db": true, "notes.db-wal": true, ".app.py.swp": true,
		"app.py~": true, "4913": true, "#app.py#": true, "server.log": true,
	} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte("text"), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := ignores(t, path); got != want {
			t.Errorf("isIgnored(%s) = %v; want %v", name, got, want)
		}
	}
	for text, want := range map[string]bool{"\x7fELF": true, "#!/bin/sh\n": false} {
		path := filepath.Join(folder, "serve")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o700); err != nil { //nolint:gosec // a program
			t.Fatal(err)
		}
		if got := ignores(t, path); got != want {
			t.Errorf("isIgnored of a program that begins %q = %v; want %v", text, got, want)
		}
	}
}

func ignores(t *testing.T, path string) bool {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return isIgnored(path, info)
}

func TestASkeletonIsTheCodeWithoutTexts(t *testing.T) {
	const code = `templ_Err = templruntime.WriteString(templ_Buffer, 1, "<p>\"Hello\"</p>")` + "\n" + `return templ.Error{FileName: "a.templ", Line: 3, Col: 7}` + "\n"
	file := filepath.Join(t.TempDir(), "a_templ.go")
	k := make(skeletons)
	for _, step := range []struct {
		name, code string
		changed    bool
	}{
		{"the first time", code, true},
		{"the same", code, false},
		{"another text", `templ_Err = templruntime.WriteString(templ_Buffer, 1, "<p>\"Bye\\\", all</p>")` + "\n" + `return templ.Error{FileName: "a.templ", Line: 4, Col: 8}` + "\n", false},
		{"another number of texts", `templ_Err = templruntime.WriteString(templ_Buffer, 2, "<p>Bye</p>")` + "\n", true},
		{"other code", `other()` + "\n", true},
	} {
		if err := os.WriteFile(file, []byte(step.code), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := k.update(file); got != step.changed {
			t.Errorf("%s: update = %v; want %v", step.name, got, step.changed)
		}
	}
}
