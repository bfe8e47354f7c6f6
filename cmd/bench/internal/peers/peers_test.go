//go:build linux

package peers

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"selvedge/cmd/bench/internal/process"
)

// installed skips the test if the machine does not have a program.
func installed(t *testing.T, program string) string {
	t.Helper()
	file, err := process.FindProgram(program)
	if err != nil {
		t.Skip(err)
	}
	return file
}

func TestNginxTakesItsConfiguration(t *testing.T) {
	program, folder := installed(t, "nginx"), t.TempDir()
	file, err := writeConfig(folder, nginxConfig, nginxSettings{Folder: folder, Address: "127.0.0.1:8081", Origin: "127.0.0.1:8080"})
	if err != nil {
		t.Fatal(err)
	}
	output, err := exec.Command(program, "-t", "-e", filepath.Join(folder, "error.log"), "-c", file).CombinedOutput()
	if err != nil {
		t.Errorf("nginx -t: %v: %s", err, output)
	}
	if version := NginxVersion(t.Context(), program); !strings.HasPrefix(version, "nginx/") {
		t.Errorf("NginxVersion = %q; want it to begin with nginx/", version)
	}
}

func TestVarnishTakesItsConfiguration(t *testing.T) {
	program, folder := installed(t, "varnishd"), t.TempDir()
	file, err := writeConfig(folder, varnishConfig, varnishSettings{"127.0.0.1", "8080"})
	if err != nil {
		t.Fatal(err)
	}
	output, err := exec.Command(program, "-C", "-j", "none", "-f", file, "-n", filepath.Join(folder, "varnish")).CombinedOutput()
	if err != nil {
		t.Errorf("varnishd -C: %v: %s", err, output)
	}
	if version := VarnishVersion(t.Context(), program); !strings.HasPrefix(version, "varnish-") {
		t.Errorf("VarnishVersion = %q; want it to begin with varnish-", version)
	}
}
