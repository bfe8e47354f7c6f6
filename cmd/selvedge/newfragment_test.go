package main

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// newFragmentIn has selvedge new write a fragment into a folder. It returns what it prints.
func newFragmentIn(t *testing.T, folder string, args ...string) string {
	t.Helper()
	var stdout, stderr strings.Builder
	args = append([]string{"selvedge", "new", "fragment", "notes", "--folder", folder}, args...)
	if code := run(t.Context(), args, strings.NewReader(""), &stdout, &stderr); code != 0 {
		t.Fatalf("%q = %d, %s", args, code, stderr.String())
	}
	return stdout.String()
}

// newFragmentPrograms start the programs of new fragments, by their language, without a
// change of any file. Each returns the address of its program.
var newFragmentPrograms = map[string]func(t *testing.T, folder string) string{
	"python": func(t *testing.T, folder string) string {
		return startService(t, nil, "python3", filepath.Join(folder, "server.py"))
	},
	"node": func(t *testing.T, folder string) string {
		return startService(t, nil, "node", filepath.Join(folder, "server.js"))
	},
	"go": func(t *testing.T, folder string) string { return startService(t, nil, buildModule(t, folder)) },
}

// TestANewFragmentWorks writes a fragment in each language, runs the tests that come with it,
// and posts its form in the site that comes with it, while a page is open.
func TestANewFragmentWorks(t *testing.T) {
	for language, start := range newFragmentPrograms {
		t.Run(language, func(t *testing.T) {
			s := &story{t: t, folder: filepath.Join(t.TempDir(), "notes")}
			runStep(t, newFragmentIn(t, s.folder, "--lang", language), "Test it: ")
			file := s.read(filepath.Join(s.folder, "site.yaml"))
			s.write("site.yaml", strings.Replace(file, "http://127.0.0.1:7001", start(t, s.folder), 1))
			site := s.serve()

			page := site.page("/").document(t)
			form := page.Find("#fragment-notes form").AttrOr("action", "")
			live := connectTo(t, site, page.Find("#live").AttrOr("ws-connect", ""))
			other := newShop(t, site.url, site.log)
			if a := other.post(form, "note="+url.QueryEscape("Call <Ann>")); a.StatusCode != http.StatusSeeOther {
				t.Fatalf("POST %s = %s %s; want 303", form, a.Status, a.body)
			}
			wantOneFrame(t, live, "Call &")
			page = site.page("/").document(t)
			if notes := page.Find("#fragment-notes li").Text(); notes != "Call <Ann>" {
				t.Errorf("after the form the page has the notes %q; want the text of the form", notes)
			}
			style := page.Find("link[rel=stylesheet]").AttrOr("href", "")
			if a := site.page(style); a.StatusCode != http.StatusOK || !strings.Contains(a.body, "#fragment-notes") {
				t.Errorf("the stylesheet %q is %s %s", style, a.Status, a.body)
			}
			if a := other.post(form, "note=+"); a.StatusCode != http.StatusBadRequest || !strings.Contains(a.body, "A note has 1 to 200 characters.") {
				t.Errorf("an empty note is answered %s %s; want the reason", a.Status, a.body)
			}
		})
	}
}

// runStep runs a step of what selvedge new prints, as a person does.
func runStep(t *testing.T, printed, step string) {
	t.Helper()
	_, rest, _ := strings.Cut(printed, step)
	line, _, ok := strings.Cut(rest, "\n")
	if !ok {
		t.Fatalf("it prints %q; want a line with %q", printed, step)
	}
	command := exec.CommandContext(t.Context(), "sh", "-c", line)
	command.Env = append(os.Environ(), "GOPROXY=off") // nothing is downloaded
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
}

// The manifests of the new fragments fit the names and versions of a site.
func TestANewFragmentHasAManifest(t *testing.T) {
	for language, start := range newFragmentPrograms {
		t.Run(language, func(t *testing.T) {
			s := &story{t: t, folder: filepath.Join(t.TempDir(), "notes")}
			newFragmentIn(t, s.folder, "--lang", language)
			s.write("site.yaml", "fragments: {notes: "+start(t, s.folder)+"}\npages: {/: page.html}\n")
			var stdout, stderr strings.Builder
			args := []string{"selvedge", "check", "--reach", "--config", filepath.Join(s.folder, "site.yaml")}
			if code := run(t.Context(), args, strings.NewReader(""), &stdout, &stderr); code != 0 || !strings.Contains(stdout.String(), "version 0.1.0") {
				t.Errorf("check = %d, %s%s; want the version of the fragment", code, stdout.String(), stderr.String())
			}
		})
	}
}

func TestNewRefusesWhatItCannotWrite(t *testing.T) {
	used := t.TempDir()
	if err := os.WriteFile(filepath.Join(used, "mine.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	tests := []struct {
		name, args, want string
	}{
		{"no name", "fragment", "a name is missing"},
		{"two names", "fragment a b", `the word "b" is one too many`},
		{"a wrong name", "fragment My_Notes", "a name has 1 to 64 small letters, digits and hyphens"},
		{"a name that no module has", "fragment con", `"con" disallowed`},
		{"the name of the page around a fragment", "fragment standalone", "this is the name of the page around a fragment"},
		{"an unknown language", "fragment notes --lang ruby", `there is no language "ruby"; a fragment is written in go, python or node`},
		{"a folder with files", "fragment notes --folder " + used, "has files already; choose another one with --folder"},
		{"a file in place of a folder", "fragment notes --folder " + filepath.Join(used, "mine.txt"), "not a directory"},
		{"an unknown flag", "fragment notes --language go", "there is no flag --language; selvedge new fragment --help"},
		{"a flag without a value", "fragment notes --lang", "--lang needs a value"},
		{"nothing", "", "a command is missing; selvedge new --help"},
		{"anything else", "page", `there is no command "page"; selvedge new --help`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr strings.Builder
			args := append([]string{"selvedge", "new"}, strings.Fields(test.args)...)
			code := run(t.Context(), args, strings.NewReader(""), &stdout, &stderr)
			if code != exitUsage || !strings.Contains(stderr.String(), test.want) {
				t.Errorf("%q = %d, %q; want 2 and %q", args, code, stderr.String(), test.want)
			}
			if files, _ := filepath.Glob("*"); len(files) > 0 {
				t.Errorf("%q writes %q; want nothing", args, files)
			}
		})
	}
}
