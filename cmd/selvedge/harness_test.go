package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"go.uber.org/goleak"
)

// asProgram makes the test binary behave as the program itself, so that tests
// can stop and kill a process of their own.
const asProgram = "SELVEDGE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(runUntilSignal(os.Args, os.Stdin, os.Stdout, os.Stderr))
	}
	code := m.Run()
	stopChromium()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// adminToken is the operator's in tests.
const adminToken = "secret-of-the-tests"

// testShop is a running server with a browser's session of its own.
type testShop struct {
	t      testing.TB
	url    string
	client *http.Client
	log    *lockedBuffer
}

// startShop runs the program in this process, on a free port and with a store
// in memory unless args say otherwise, and stops it when the test ends.
func startShop(t testing.TB, args ...string) *testShop {
	t.Helper()
	args = append([]string{"selvedge"}, args...)
	args = append(args, "--listen", "127.0.0.1:0", "--log", "text")
	if !strings.Contains(strings.Join(args, " "), "--data") {
		args = append(args, "--data", ":memory:")
	}
	return startHere(t, args...)
}

// startHere runs a command of the program that serves, in this process, and
// stops it when the test ends.
func startHere(t testing.TB, args ...string) *testShop {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	stdout, output := io.Pipe()
	log := &lockedBuffer{}
	ended := make(chan int, 1)
	go func() {
		code := run(ctx, args, strings.NewReader(""), output, log)
		_ = output.Close()
		ended <- code
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("the server ended with %d; want 0\n%s", code, log)
		}
	})
	return newShop(t, readAddress(t, stdout, log), log)
}

// startProcess runs the program as a process of its own, on a free port.
func startProcess(t testing.TB, args ...string) (*testShop, *os.Process) {
	t.Helper()
	return startProcessAt(t, "127.0.0.1:0", args...)
}

func startProcessAt(t testing.TB, address string, args ...string) (*testShop, *os.Process) {
	t.Helper()
	args = append(args, "--listen", address, "--log", "text")
	c := exec.CommandContext(t.Context(), os.Args[0], args...)
	c.Env = append(os.Environ(), asProgram+"=1")
	log := &lockedBuffer{}
	c.Stderr = log
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	return newShop(t, readAddress(t, stdout, log), log), c.Process
}

// freeze stops a process without ending it. It returns when that has happened: a
// thread that is running when the signal is sent may go on until it is another's
// turn, and answer meanwhile.
func freeze(t testing.TB, process *os.Process) {
	t.Helper()
	if err := process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(process.Pid, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
		t.Fatalf("waiting for the process to stop: %v, status %#x", err, status)
	}
}

// thaw lets a process go on.
func thaw(t testing.TB, process *os.Process) {
	t.Helper()
	if err := process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
}

func newShop(t testing.TB, url string, log *lockedBuffer) *testShop {
	s := &testShop{t: t, url: url, log: log}
	s.client = s.newClient()
	return s
}

// readAddress reads the line that a server prints once it listens.
func readAddress(t testing.TB, stdout io.Reader, log *lockedBuffer) string {
	t.Helper()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		t.Fatalf("the server printed %q; want the address it listens on\n%s", line, log)
	}
	return url
}

// newClient returns a client with cookies that follows no redirect.
func (s *testShop) newClient() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	transport := &http.Transport{}
	s.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Jar:           jar,
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// answer is a response whose body has been read.
type answer struct {
	*http.Response
	body string
}

func (s *testShop) do(method, path, body string, header ...string) answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{res, string(b)}
}

// page asks for a page as a browser does.
func (s *testShop) page(path string) answer {
	s.t.Helper()
	return s.do(http.MethodGet, path, "", "Accept", acceptPage)
}

// post sends a form as a browser does.
func (s *testShop) post(path, form string) answer {
	s.t.Helper()
	return s.do(http.MethodPost, path, form, "Accept", acceptPage,
		"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
}

// json sends JSON as a program does.
func (s *testShop) json(method, path, body string) answer {
	s.t.Helper()
	return s.do(method, path, body, "Accept", "application/json", "Content-Type", "application/json")
}

const acceptPage = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// document parses the answer's HTML.
func (a answer) document(t testing.TB) *goquery.Document {
	t.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// lockedBuffer is a bytes.Buffer for several goroutines.
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

func mustParse(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
