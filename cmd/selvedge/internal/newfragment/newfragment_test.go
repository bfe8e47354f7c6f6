package newfragment_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"selvedge/cmd/selvedge/internal/newfragment"
)

// write writes a fragment in a folder, and returns the steps for its author.
func write(t *testing.T, f newfragment.Fragment) (next []string) {
	t.Helper()
	next, err := f.Write(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return next
}

func read(t *testing.T, file ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(file...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// command runs a command in a folder, without downloads.
func command(t *testing.T, folder string, words ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), words[0], words[1:]...)
	c.Dir = folder
	c.Env = append(os.Environ(), "GOPROXY=off", "GOSUMDB=off")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%q: %v\n%s", words, err, out)
	}
}

// checkoutHere returns the checkout of these tests.
func checkoutHere(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func TestNoFileHasTheNameOfTheTemplates(t *testing.T) {
	for _, language := range []string{"go", "python", "node"} {
		t.Run(language, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "far", "away")
			write(t, newfragment.Fragment{Name: "4-ever", Language: language, Folder: folder, Checkout: checkoutHere(t)})
			files, err := filepath.Glob(filepath.Join(folder, "*"))
			if err != nil || len(files) < 6 {
				t.Fatalf("the files are %q, %v", files, err)
			}
			for _, file := range files {
				for _, not := range []string{"noname", "newfragment"} {
					if filepath.Base(file) != "go.mod" && strings.Contains(read(t, file), not) {
						t.Errorf("%s has %q", filepath.Base(file), not)
					}
				}
			}
		})
	}
}

// An author who generates the view gets the file that is there.
func TestTheViewIsGenerated(t *testing.T) {
	folder := t.TempDir()
	write(t, newfragment.Fragment{Name: "notes", Language: "go", Folder: folder, Checkout: checkoutHere(t)})
	before := read(t, folder, "view_templ.go")
	if err := os.Remove(filepath.Join(folder, "view_templ.go")); err != nil {
		t.Fatal(err)
	}
	command(t, folder, "go", "tool", "templ", "generate")
	if after := read(t, folder, "view_templ.go"); after != before {
		t.Errorf("the generated view differs from the one that is written:\n%s", after)
	}
}

// Without a checkout, the author names one by the first of the steps.
func TestAFragmentWithoutACheckoutNeedsOneCommand(t *testing.T) {
	folder := t.TempDir()
	next := write(t, newfragment.Fragment{Name: "notes", Language: "go", Folder: folder})
	_, line, _ := strings.Cut(next[0], ": ")
	command(t, folder, "sh", "-c", strings.Replace(line, "CHECKOUT", checkoutHere(t), 1))
	command(t, folder, "go", "vet", ".")
}

func TestACheckoutIsFound(t *testing.T) {
	checkout, elsewhere := t.TempDir(), t.TempDir()
	for file, text := range map[string]string{
		checkout + "/go.mod": "module selvedge\n\ngo 1.26\n", checkout + "/go.sum": "", elsewhere + "/go.mod": "module example.com/other\n",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	within := filepath.Join(checkout, "team", "a")
	if err := os.MkdirAll(within, 0o700); err != nil {
		t.Fatal(err)
	}
	ours := checkoutHere(t)
	tests := []struct{ name, folder, want, replace string }{
		{"the working folder is in a checkout", within, checkout, "replace selvedge => ../../.."},
		{"the working folder is elsewhere", elsewhere, ours, "replace selvedge => " + ours},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(test.folder)
			got := newfragment.FindCheckout()
			if got != test.want {
				t.Fatalf("FindCheckout in %s = %q; want %q", test.folder, got, test.want)
			}
			write(t, newfragment.Fragment{Name: "notes", Language: "go", Checkout: got})
			if mod := read(t, "notes", "go.mod"); !strings.Contains(mod, test.replace+"\n") {
				t.Errorf("go.mod is\n%s\nwant %s", mod, test.replace)
			}
		})
	}
}
