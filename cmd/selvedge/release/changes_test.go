package release

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestTheChangesAreThoseSinceTheLastTag(t *testing.T) {
	script, err := filepath.Abs("changes")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	in := func(program string, args ...string) string {
		t.Helper()
		c := exec.Command(program, args...)
		c.Dir = folder
		c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@a.example", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@a.example")
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %q: %v\n%s", program, args, err, out)
		}
		return string(out)
	}
	commit := func(subject string) { in("git", "commit", "--quiet", "--allow-empty", "--message", subject) }
	in("git", "init", "--quiet")
	commit("feat(hub): send changes")
	commit("feat: begin")

	const first = "# Selvedge v1.0.0\n\n## Features\n\n- begin\n- **hub**: send changes\n"
	if got := in("sh", script, "v1.0.0"); got != first {
		t.Errorf("without a tag, the changes are\n%s\nwant all:\n%s", got, first)
	}
	in("git", "tag", "v1.0.0")
	commit("fix(site): reload: twice & \"at once\"")
	commit("perf: wait less")
	commit("docs: explain")
	commit("featured: no type")
	commit("feat(config)!: rename a key")
	in("git", "tag", "v2.0.0")

	const second = `# Selvedge v2.0.0

## Incompatible changes

- **config**: rename a key

## Fixes

- **site**: reload: twice & "at once"

## Performance

- wait less
`
	if got := in("sh", script, "v2.0.0"); got != second {
		t.Errorf("after a tag, the changes are\n%s\nwant those since:\n%s", got, second)
	}
}
