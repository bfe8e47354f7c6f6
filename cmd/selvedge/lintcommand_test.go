package main

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"selvedge/fragments/lint"
)

// runLint runs the command lint, and returns its exit code and output.
func runLint(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	code = run(t.Context(), append([]string{"selvedge", "lint"}, args...), strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

func TestLintOfFiles(t *testing.T) {
	s := &story{t: t, folder: t.TempDir()}
	s.write("good.html", contractBlock(t, "html"))
	s.write("bad.html", "<p>\n<esi:vars>$(HTTP_HOTS)</esi:vars>\n<b>")
	good, bad := filepath.Join(s.folder, "good.html"), filepath.Join(s.folder, "bad.html")
	lines := bad + ":2:11: the variable HTTP_HOTS is unknown, so it has no value; did you mean \"HTTP_HOST\"?\n" +
		bad + ":3:1: <b> is not closed; add </b>\n"
	tests := []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string
	}{
		{"no mistakes", []string{good}, 0, "", ""},
		{"mistakes", []string{good, bad}, 1, lines, "selvedge: 2 findings\n"},
		{"no mistakes, for programs", []string{"--json", good}, 0, "[]\n", ""},
		{"no file", []string{filepath.Join(s.folder, "none.html")}, 1, "", "none.html: no such file or directory\n"},
		{"nothing", nil, 2, "", "selvedge: lint needs the URL of a fragment, or the file of a template\n"},
		{"an unknown flag", []string{"--jsno", good}, 2, "", "selvedge: "},
		{"a server that is not there", []string{"http://127.0.0.1:1"}, 1, "", "selvedge: http://127.0.0.1:1 does not answer: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			code, stdout, stderr := runLint(t, test.args...)
			if code != test.code || stdout != test.stdout || !strings.Contains(stderr, test.stderr) || (stderr == "") != (test.stderr == "") {
				t.Errorf("lint %q = %d, %q, %q; want %d, %q, %q", test.args, code, stdout, stderr, test.code, test.stdout, test.stderr)
			}
		})
	}
	_, stdout, _ := runLint(t, "--json", bad)
	var findings []lint.Finding
	if err := json.Unmarshal([]byte(stdout), &findings); err != nil || len(findings) != 2 {
		t.Fatalf("lint --json prints %s, %v; want two findings", stdout, err)
	}
	want := lint.Finding{URL: bad, Line: 3, Column: 1, Rule: "html", Message: "<b> is not closed", Advice: "add </b>"}
	if findings[1] != want {
		t.Errorf("the second finding is %+v; want %+v", findings[1], want)
	}
}

// The fragments of the contract have no mistakes but the omissions of the program in Python,
// which is short: an ETag and HEAD.
func TestLintOfTheFragmentsOfTheContract(t *testing.T) {
	tests := []struct {
		language, path string
		want           []string // the rules of the findings
	}{
		{"python", "/notes", []string{"validator", "head"}},
		{"python", "", []string{"manifest"}},
		{"js", "/notes", nil},
		{"go", "/notes", nil},
		{"go", "", nil},
	}
	for _, test := range tests {
		t.Run(test.language+test.path, func(t *testing.T) {
			s := &story{t: t, folder: t.TempDir()}
			_, stdout, stderr := runLint(t, "--json", s.startContractProgram(test.language)+test.path)
			var findings []lint.Finding
			if err := json.Unmarshal([]byte(stdout), &findings); err != nil {
				t.Fatalf("lint prints %q, %q: %v", stdout, stderr, err)
			}
			var rules []string
			for _, f := range findings {
				rules = append(rules, f.Rule)
			}
			if !slices.Equal(rules, test.want) {
				t.Errorf("the findings are %s; want those of the rules %q", stdout, test.want)
			}
		})
	}
}
