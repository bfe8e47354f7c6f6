package dev_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"selvedge/cmd/selvedge/internal/dev"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// lockedBuffer is output that is read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// running is a server in Python, which says its version, in a folder of its own.
type running struct {
	t       *testing.T
	servers *dev.Servers
	output  *lockedBuffer
	changed chan struct{}
	command dev.Command
}

const program = `import http.server, os
print("version 1")
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), http.server.BaseHTTPRequestHandler).serve_forever()
`

// run runs a command in a folder with the program server.py.
func run(t *testing.T, args ...string) *running {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	r := &running{t: t, output: &lockedBuffer{}, changed: make(chan struct{}, 100)}
	r.servers = dev.New(dev.Options{Output: r.output, Changed: func() { r.changed <- struct{}{} }})
	t.Cleanup(r.servers.Close)
	r.command = dev.Command{Name: "notes", Args: args, Dir: t.TempDir(), Address: address}
	r.write("server.py", program)
	if err := r.servers.Set([]dev.Command{r.command}, nil); err != nil {
		t.Fatal(err)
	}
	r.await()
	return r
}

// write writes a file of the folder.
func (r *running) write(name, text string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.command.Dir, name), []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// await waits until pages are outdated.
func (r *running) await() {
	r.t.Helper()
	select {
	case <-r.changed:
	case <-time.After(20 * time.Second):
		r.t.Fatalf("pages are not outdated; the output is\n%s", r.output)
	}
}

// wants checks the output.
func (r *running) wants(text string) {
	r.t.Helper()
	if !strings.Contains(r.output.String(), text) {
		r.t.Errorf("the output is %q; want %q", r.output, text)
	}
}

func TestAServerIsStartedAgain(t *testing.T) {
	r := run(t, "python3", "server.py")
	r.wants("notes | version 1\n")
	r.write("notes.log", "no reason")
	r.write("server.py", strings.Replace(program, "version 1", "version 2", 1))
	r.await()
	r.servers.Await(t.Context())
	r.wants("notes | version 2\n")

	r.write("server.py", "exit(3)\n")
	r.await()
	r.wants("notes | has ended: exit status 3; it is started again in 500ms, or when a file changes\n")
	r.servers.Await(t.Context()) // it has failed, and is not waited for
	r.write("server.py", strings.Replace(program, "version 1", "version 3", 1))
	r.await()
	r.wants("notes | version 3\n")
	if n := strings.Count(r.output.String(), "version 1"); n != 1 {
		t.Errorf("version 1 was started %d times; want once", n)
	}
}

// A server is a child of a shell, and the shell does not end when it is asked to.
func TestNoProcessIsLeft(t *testing.T) {
	r := run(t, "sh", "-c", "trap '' TERM; python3 server.py & wait; wait")
	r.servers.Close()
	l, err := net.Listen("tcp", r.command.Address)
	if err != nil {
		t.Fatalf("the server is left: %v", err)
	}
	_ = l.Close()
}

func TestWaitingForServersHasAnEnd(t *testing.T) {
	r := run(t, "python3", "server.py")
	other := r.command
	other.Name, other.Args, other.Address = "silent", []string{"sleep", "1000"}, "127.0.0.1:1"
	if err := r.servers.Set([]dev.Command{r.command, other}, nil); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r.servers.Await(ctx)
	if ctx.Err() == nil {
		t.Error("a server that is starting is not waited for")
	}
	if n := strings.Count(r.output.String(), "version 1"); n != 1 {
		t.Errorf("a server whose command is the same was started %d times; want once", n)
	}
}

// A change that starts no server again is on the page when that is loaded again.
func TestAFileThatIsReadForEachPage(t *testing.T) {
	r := run(t, "python3", "server.py")
	r.command.Watch = []string{"*.py"}
	page := filepath.Join(t.TempDir(), "page.html")
	if err := r.servers.Set([]dev.Command{r.command}, []string{page}); err != nil {
		t.Fatal(err)
	}
	r.await() // it was started again, because its command is another
	r.write("style.css", "p {}")
	r.await()
	if err := os.WriteFile(page, []byte("<p>A page</p>"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.await()
	if n := strings.Count(r.output.String(), "version 1"); n != 2 {
		t.Errorf("the server was started %d times; want twice", n)
	}
}
