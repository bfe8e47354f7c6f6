package release

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// dist is the folder of the release that the tests share.
var dist string

func TestMain(m *testing.M) {
	var err error
	if dist, err = os.MkdirTemp("", "release"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(dist)
	os.Exit(code)
}

// build builds a release for this machine into dist, once for all tests.
var build = sync.OnceValue(func() error { return buildInto(dist) })

// buildInto builds a release for this machine into a folder.
func buildInto(folder string) error {
	c := exec.Command("sh", "build", "linux/"+runtime.GOARCH)
	c.Env = append(os.Environ(), "DIST="+folder)
	if out, err := c.CombinedOutput(); err != nil {
		return errors.New(string(out))
	}
	return nil
}

// built returns the folder of a release for this machine.
func built(t *testing.T) string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("this test runs the programs and packages of Linux")
	}
	if err := build(); err != nil {
		t.Fatal(err)
	}
	return dist
}

// missing skips a test on a laptop, and fails it in CI.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("this test needs %s", what)
	}
	t.Skipf("this test needs %s", what)
}

// run runs a program, and returns its output.
func run(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", program, args, err, out)
	}
	return string(out)
}

// read returns the text of a file.
func read(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAReleaseIsTheSameEachTime(t *testing.T) {
	first, again := built(t), t.TempDir()
	if err := buildInto(again); err != nil {
		t.Fatal(err)
	}
	sums := read(t, first, "SHA256SUMS")
	if got := read(t, again, "SHA256SUMS"); got != sums {
		t.Errorf("two builds of a commit have the sums\n%s\nand\n%s", sums, got)
	}
	for _, want := range []string{"  selvedge-linux-" + runtime.GOARCH + "\n", "_" + runtime.GOARCH + ".deb\n", "  CHANGELOG.md\n"} {
		if !strings.Contains(sums, want) {
			t.Errorf("the sums\n%s\nlack %s", sums, want)
		}
	}
}

func TestAProgramOfAReleaseIsStaticAndNamesItsCommit(t *testing.T) {
	program := filepath.Join(built(t), "selvedge-linux-"+runtime.GOARCH)
	commit := strings.TrimSpace(run(t, "git", "rev-parse", "--short=12", "HEAD"))
	if got := run(t, program, "version"); !strings.HasPrefix(got, "selvedge v") || !strings.Contains(got, "commit "+commit+" of 20") {
		t.Errorf("selvedge version = %q; want a version, the commit %s and its date", got, commit)
	}
	if got := run(t, "go", "version", "-m", program); !strings.Contains(got, "\tCGO_ENABLED=0\n") || !strings.Contains(got, "\t-trimpath=true\n") {
		t.Errorf("the program was built with\n%s\nwant CGO_ENABLED=0 and -trimpath", got)
	}
}
