package release

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const serviceFile = "usr/lib/systemd/system/selvedge.service"

// TestTheDebianPackage installs the package, starts what its unit starts, and asks for a
// page, as the first visitor of an installation does.
func TestTheDebianPackage(t *testing.T) {
	p := install(t, built(t))
	s := p.start(readUnit(read(t, p.root, serviceFile)))

	res, err := http.Get(s.url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	page, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(page), "<h1>Selvedge works</h1>") {
		t.Errorf("GET / = %s, %v, %s; want 200 OK with the first page", res.Status, err, page)
	}
	program := filepath.Join(p.root, "usr/bin/selvedge")
	if got, want := run(t, program, "healthcheck", s.url), s.url+"/-/readyz: ready\n"; got != want {
		t.Errorf("selvedge healthcheck says %q; want %q", got, want)
	}
	s.stop()

	files := unpack(t, built(t)) // because small images of Debian install no documentation
	files.hasFiles()
	if _, err := exec.LookPath("man"); err == nil {
		manual := run(t, "man", "--warnings", "--local-file", filepath.Join(files.root, "usr/share/man/man1/selvedge.1.gz"))
		if !strings.Contains(manual, "selvedge healthcheck [options] [URL]") || strings.Contains(manual, "warning:") {
			t.Errorf("man selvedge shows\n%s\nwant the commands, without a warning", manual)
		}
	}
	if _, err := exec.LookPath("systemd-analyze"); err == nil && p.isInstalled() {
		run(t, "systemd-analyze", "--man=no", "verify", "/"+serviceFile, "/usr/lib/systemd/system/selvedge.socket")
	}
}

// installation is a package that is installed, or else unpacked into a folder.
type installation struct {
	t    *testing.T
	root string // "/", or the folder
}

// install installs the package of a release where the environment says CI, and removes it
// after the test with all its files. Elsewhere, and on a machine that has the package, it
// unpacks the package.
func install(t *testing.T, release string) installation {
	t.Helper()
	if os.Getenv("CI") == "" || exec.CommandContext(t.Context(), "dpkg-query", "--status", "selvedge").Run() == nil {
		return unpack(t, release)
	}
	t.Cleanup(func() {
		asRoot(t, "dpkg", "--purge", "selvedge")
		for _, left := range []string{"/etc/selvedge", "/var/lib/selvedge", "/usr/bin/selvedge", "/etc/systemd/system/multi-user.target.wants/selvedge.service"} {
			if _, err := os.Lstat(left); err == nil {
				t.Errorf("the removed package has left %s", left)
			}
		}
	})
	asRoot(t, "dpkg", "--force-confnew", "--install", packageOf(t, release))
	return installation{t, "/"}
}

// unpack unpacks the package of a release into a folder.
func unpack(t *testing.T, release string) installation {
	t.Helper()
	folder := t.TempDir()
	run(t, "dpkg", "--extract", packageOf(t, release), folder)
	return installation{t, folder}
}

// packageOf returns the file of the only package of a release.
func packageOf(t *testing.T, release string) string {
	t.Helper()
	if _, err := exec.LookPath("dpkg"); err != nil {
		missing(t, "dpkg")
	}
	files, err := filepath.Glob(filepath.Join(release, "*.deb"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the release has the packages %q, %v; want one", files, err)
	}
	return files[0]
}

func (p installation) isInstalled() bool { return p.root == "/" }

// asRoot runs a program as root.
func asRoot(t *testing.T, args ...string) {
	t.Helper()
	args = rootCommand(args)
	run(t, args[0], args[1:]...)
}

// rootCommand returns the command line that runs args as root.
func rootCommand(args []string) []string {
	if os.Getuid() == 0 {
		return args
	}
	return append([]string{"sudo", "-n"}, args...)
}

// hasFiles checks what the package has beside the program.
func (p installation) hasFiles() {
	p.t.Helper()
	for _, name := range []string{
		"etc/selvedge/site.yaml", "etc/selvedge/welcome.html", "usr/lib/systemd/system/selvedge.socket", "usr/share/man/man1/selvedge.1.gz",
		"usr/share/bash-completion/completions/selvedge", "usr/share/zsh/vendor-completions/_selvedge", "usr/share/fish/vendor_completions.d/selvedge.fish",
		"usr/share/doc/selvedge/copyright", "usr/share/doc/selvedge/changelog.gz",
	} {
		if info, err := os.Stat(filepath.Join(p.root, name)); err != nil || info.Size() == 0 || info.Mode().Perm() != 0o644 {
			p.t.Errorf("the package lacks %s, or it is empty, or not to be read by everybody: %v", name, err)
		}
	}
}

// server is a running server of an installation.
type server struct {
	of      installation
	command *exec.Cmd
	url     string
}

// start runs the ExecStart of a unit at a free port: as the user of the unit if the package
// is installed, and otherwise with the paths of the folder.
func (p installation) start(unit map[string]string) *server {
	p.t.Helper()
	args := p.commandOf(unit)
	c := exec.Command(args[0], args[1:]...)
	log := &strings.Builder{}
	c.Stderr = log
	stdout, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		p.t.Fatalf("%q: %v", args, err)
	}
	p.t.Cleanup(func() {
		if c.ProcessState == nil { // it was not stopped
			p.signal(c, "KILL")
		}
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !ok {
		_ = c.Wait() // the log is complete then
		p.t.Fatalf("%q prints %q, %v, and logs\n%s\nwant its address", args, line, err, log)
	}
	return &server{p, c, url}
}

// signal sends a signal to a server, whose process is root's where sudo has started it.
func (p installation) signal(c *exec.Cmd, name string) {
	p.t.Helper()
	kill := []string{"kill", "-" + name, strconv.Itoa(c.Process.Pid)}
	if p.isInstalled() {
		kill = rootCommand(kill)
	}
	run(p.t, kill[0], kill[1:]...)
}

// commandOf returns the command line of start.
func (p installation) commandOf(unit map[string]string) []string {
	args := strings.Fields(unit["ExecStart"])
	environment := []string{"env", "-i", "SELVEDGE_LISTEN=127.0.0.1:0"}
	if p.isInstalled() {
		user := []string{"setpriv", "--reuid", unit["User"], "--regid", unit["Group"], "--clear-groups", "--no-new-privs"}
		return rootCommand(append(environment, append(user, args...)...))
	}
	for i, arg := range args {
		if strings.HasPrefix(arg, "/") {
			args[i] = filepath.Join(p.root, arg)
		}
	}
	environment = append(environment, "SELVEDGE_KEY=there is no folder with a key")
	return append(environment, args...)
}

// stop stops the server as systemd does.
func (s *server) stop() {
	s.of.t.Helper()
	s.of.signal(s.command, "TERM")
	if err := s.command.Wait(); err != nil {
		s.of.t.Errorf("the stopped server ends with %v; want no error", err)
	}
}
