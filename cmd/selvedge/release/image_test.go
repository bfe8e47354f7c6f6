package release

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"selvedge/composer/site/config"
)

// copied are the files of COPY instructions from the folder of the release.
var copied = regexp.MustCompile(`(?m)^COPY (?:--chmod=\S+ )?([^-].*) \S+$`)

// TestTheImageIsMadeOfTheRelease has no Docker. It checks that the release has what the
// Dockerfile copies, and that the site of the image needs no file of the Debian package.
func TestTheImageIsMadeOfTheRelease(t *testing.T) {
	folder := built(t)
	dockerfile := read(t, folder, "Dockerfile")
	files := copied.FindAllStringSubmatch(strings.ReplaceAll(dockerfile, "${TARGETARCH}", runtime.GOARCH), -1)
	if len(files) != 2 {
		t.Errorf("the Dockerfile copies %q; want the program and the site", files)
	}
	for _, match := range files {
		for _, name := range strings.Fields(match[1]) {
			if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
				t.Errorf("the Dockerfile copies what the release lacks: %v", err)
			}
		}
	}
	for _, want := range []string{"\nUSER 65532:65532\n", "\nHEALTHCHECK CMD [\"/selvedge\", \"healthcheck\"]\n", "\nEXPOSE 8080\n", " SELVEDGE_LISTEN=:8080\n"} {
		if !strings.Contains(dockerfile, want) {
			t.Errorf("the Dockerfile does not have %q", want)
		}
	}
	c, err := config.Load(filepath.Join(folder, "site.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Key != "" {
		t.Errorf("the site of the image has a key, which the image has no folder for")
	}
}
