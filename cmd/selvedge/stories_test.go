package main

import (
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"selvedge/composer/site/config"
)

// story is a folder with a configuration file, and two services in other languages.
type story struct {
	t               *testing.T
	folder          string
	shell, comments string // their addresses
}

// newStory starts a service in Python and one in Express.
func newStory(t *testing.T) *story {
	t.Helper()
	return &story{
		t: t, folder: t.TempDir(),
		comments: startService(t, nil, "python3", "testdata/story/comments.py"),
		shell:    startService(t, []string{"NODE_PATH=" + expressFolder(t)}, "node", "testdata/story/shell.js"),
	}
}

// expressFolder returns the folder of packages for Node.js that has Express.
func expressFolder(t *testing.T) string {
	t.Helper()
	node, err := filepath.Abs("../../.tools/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(node, "express")); err != nil {
		missing(t, "Express")
	}
	return node
}

// startService starts a program with the number of a port as its last argument, and waits
// until it answers there.
func startService(t *testing.T, env []string, program string, args ...string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	c := exec.CommandContext(t.Context(), program, append(args, strconv.Itoa(port))...)
	c.Env = append(os.Environ(), env...)
	log := &lockedBuffer{}
	c.Stdout, c.Stderr = log, log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	address := "127.0.0.1:" + strconv.Itoa(port)
	eventually(t, program+" answers", func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return "http://" + address
}

// write writes a file of the folder.
func (s *story) write(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.folder, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// read reads a file.
func (s *story) read(name string) string {
	s.t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// serve serves the site of the folder.
func (s *story) serve(args ...string) *testShop {
	s.t.Helper()
	all := []string{"selvedge", "serve", "--config", filepath.Join(s.folder, "site.yaml"), "--listen", "127.0.0.1:0", "--log", "text"}
	return startHere(s.t, append(all, args...)...)
}

// init writes the configuration file as a person does: by selvedge init, with the addresses
// of the services and a third page.
func (s *story) init() {
	s.t.Helper()
	file := filepath.Join(s.folder, "site.yaml")
	var stdout, stderr strings.Builder
	if code := run(s.t.Context(), []string{"selvedge", "init", file}, strings.NewReader(""), &stdout, &stderr); code != 0 {
		s.t.Fatalf("init = %d, %s", code, stderr.String())
	}
	text := s.read(file)
	for before, after := range map[string]string{
		"http://127.0.0.1:7001":        s.shell,
		"http://127.0.0.1:7002":        s.comments,
		"  # /about: about.html":       "  /about: about.html",
		"    # set-cookies: [session]": "    set-cookies: [session]",
		"    # cookies: [session]":     "    cookies: [session]",
		"# errors: {":                  "errors: {",
	} {
		if !strings.Contains(text, before) {
			s.t.Fatalf("the file of init has no %q:\n%s", before, text)
		}
		text = strings.ReplaceAll(text, before, after)
	}
	s.write("site.yaml", text)
	s.write("about.html", s.read("testdata/story/about.html"))
}

// Story 1: two services, one file, and a comment that is on both screens.
func TestASiteOfTwoServicesInOtherLanguages(t *testing.T) {
	s := newStory(t)
	s.init()
	site := s.serve()

	writer, reader := startBrowser(t, site.url), startBrowser(t, site.url)
	for _, b := range []*browser{writer, reader} {
		b.open("/")
		b.follow(`a[href="/blog/hello"]`)
		b.until("the page is live", `document.getElementById("live") !== null`)
	}
	reader.fill("#comment", "half a thou")
	writer.fill("#comment", "First!")
	writer.follow("#comments button")
	for _, b := range []*browser{writer, reader} {
		b.sees("#comments ul", "First!")
	}
	reader.until("what was typed is there", `document.getElementById("comment").value === "half a thou"`)
	reader.until("the focus is there", `document.activeElement.id === "comment"`)
	form := site.do(http.MethodPost, "/fragments/comments/add", "slug=other&comment=me", "Content-Type", "application/x-www-form-urlencoded")
	if cookies := strings.Join(form.Header.Values("Set-Cookie"), ", "); !strings.Contains(cookies, "session=me;") {
		t.Errorf("the form sets the cookies %q; want the service's own", cookies)
	}

	for path, want := range map[string]string{"/about": "About us", "/blog/old": "/blog/hello", "/nowhere": "Not here", "/fragments/": `<strong>comments</strong>`} {
		a := site.page(path)
		if !strings.Contains(a.body+a.Header.Get("Location"), want) {
			t.Errorf("GET %s is %s %q; want %q", path, a.Status, a.body, want)
		}
	}
	s.write("about.html", strings.Replace(s.read("testdata/story/about.html"), "About us", "About you", 1))
	if a := site.page("/about"); !strings.Contains(a.body, "About you") {
		t.Errorf("after a change of the template the page is %q", a.body)
	}
	if _, err := os.Stat(filepath.Join(s.folder, "selvedge-data")); err == nil {
		t.Error("there is a data folder")
	}
}

// Story 2: a site that exists, with a fragment from elsewhere in its pages.
func TestAProxyWithAFragmentIsLive(t *testing.T) {
	s := newStory(t)
	site := startHere(t, "selvedge", "proxy", s.shell, "--fragment", "comments="+s.comments, "--live", "auto", "--listen", "127.0.0.1:0", "--log", "text")
	b := startBrowser(t, site.url)
	b.open("/post?slug=x")
	b.sees("#comments", "Send")
	b.until("the page is live", `document.getElementById("live") !== null`)
	res, err := http.Post(site.url+"/fragments/comments/add", "application/x-www-form-urlencoded", strings.NewReader("slug=&comment=Hello"))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	b.sees("#comments ul", "Hello")
}

// Story 5: a fragment joins a page by an entry of the file.
func TestAFragmentJoinsAPageByItsSlot(t *testing.T) {
	s := newStory(t)
	s.write("post.html", `<body><p>A post</p><esi:include src="/-/slots/extras"/></body>`)
	file := "fragments: {shell: " + s.shell + ", gone: http://127.0.0.1:1}\npages:\n  /blog/{slug}: post.html\nslots:\n  extras:\n"
	s.write("site.yaml", file+"    - shell/extra?of={slug}\n")
	site := s.serve()
	if a := site.page("/blog/a%20b"); !strings.Contains(a.body, `A post</p><p class="extra">a b</p>`) {
		t.Errorf("the page is %q", a.body)
	}
	s.write("site.yaml", file+"    - shell/extra?of=first\n    - gone/x\n    - shell/extra?of={slug}\n")
	eventually(t, "the new fragment is on the page", func() bool {
		return strings.Contains(site.page("/blog/y").body, `<p class="extra">first</p><p class="extra">y</p>`)
	})
	if a := site.page("/-/slots/extras"); a.StatusCode != http.StatusNotFound {
		t.Errorf("the slot is public: %s", a.Status)
	}
}

// The file of a proxy needs no pages, and no origin, because the command line has it.
func TestAProxyHasAFile(t *testing.T) {
	s := newStory(t)
	s.write("proxy.yaml", "fragments: {comments: "+s.comments+"}\nlive: auto\n")
	site := startHere(t, "selvedge", "proxy", s.shell, "--config", filepath.Join(s.folder, "proxy.yaml"), "--listen", "127.0.0.1:0", "--log", "text")
	if a := site.page("/post?slug=x"); !strings.Contains(a.body, `id="comments"`) || !strings.Contains(a.body, `ws-connect="/-/live?page=`) {
		t.Errorf("the page is %q", a.body)
	}
}

// A broken file is refused, with its message in the log, while the site goes on.
func TestABrokenFileIsRefused(t *testing.T) {
	s := newStory(t)
	s.init()
	site := s.serve()
	right := s.read(filepath.Join(s.folder, "site.yaml"))
	for broken, want := range map[string]string{
		strings.Replace(right, "fragments:", "fragmnets:", 1):         `unknown key \"fragmnets\"; did you mean \"fragments\"?`,
		strings.Replace(right, "127.0.0.1:8080", "127.0.0.1:8081", 1): "",
	} {
		s.write("site.yaml", broken)
		eventually(t, "the mistake is logged", func() bool { return strings.Contains(site.log.String(), want) })
		if a := site.page("/"); a.StatusCode != http.StatusOK {
			t.Errorf("meanwhile / is %s", a.Status)
		}
	}
}

// SIGHUP has the file read again, although it has not changed.
func TestAHangUpHasTheFileReadAgain(t *testing.T) {
	s := newStory(t)
	s.init()
	site := s.serve()
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the file is read again", func() bool { return strings.Contains(site.log.String(), "the configuration was read again") })
}

func TestTheCommandsForAConfiguration(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "site.yaml")
	tests := []struct {
		name, file     string
		args           []string
		code           int
		stdout, stderr string // parts
	}{
		{"init", "", []string{"init", file}, 0, "wrote " + file, ""},
		{"init over a file", "", []string{"init", file}, exitFailed, "", file + " exists already, and is left as it is"},
		{"check", "", []string{"check", "--config", file}, 0, "no mistakes; fragments: 2, pages: 2", ""},
		{"check of mistakes", "zebra: 1\nlisten: true\n", []string{"check", "--config", file}, exitFailed, "", "selvedge: " + file + ":1:1: unknown key \"zebra\"\nselvedge: " + file + ":2:9: listen is a text"},
		{"serve with mistakes", "", []string{"serve", "--config", file}, exitUsage, "", `:1:1: unknown key "zebra"`},
		{"check of a missing file", "", []string{"check", "--config", folder + "/nowhere.yaml"}, exitFailed, "", "no such file or directory"},
		{"check, and nobody there", "fragments: {a: http://127.0.0.1:1}\npages: {/: a/x}\n", []string{"check", "--reach", "--config", file}, exitFailed, "a  http://127.0.0.1:1", "out of reach, or of another name: a"},
		{"a flag of the shop", "", []string{"serve", "--config", file, "--products", "3"}, exitUsage, "", "--products is for the shop"},
		{"the key of the shop", "", []string{"serve", "--key", "0123456789abcdef"}, exitUsage, "", "--key is for a site of your own; name its file with --config"},
		{"a page of the shop without a fragment", "", []string{"serve", "--page", "/help=shel/delivery"}, exitUsage, "", `"shel/delivery": there is no fragment "shel"; did you mean "shell"?`},
		{"the shop", "", []string{"config", "shop"}, 0, "  /products/{id}: shell/products/{id}\n", ""},
		{"a fragment of no program", "fragments: {a: }\npages: {/: a/x}\n", []string{"serve", "--config", file, "--listen", "127.0.0.1:0"}, exitUsage, "", file + ":1:16: the fragment a has no url, and this program has no fragment of this name"},
		{"the defaults", "", []string{"config", "default"}, 0, "#page-timeout: 30s", ""},
		{"the variables", "", []string{"config", "env"}, 0, "SELVEDGE_TLS_CERT", ""},
		{"the schema", "", []string{"config", "schema"}, 0, `"$schema": "https://json-schema.org/draft/2020-12/schema"`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.file != "" {
				if err := os.WriteFile(file, []byte(test.file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var stdout, stderr strings.Builder
			code := run(t.Context(), append([]string{"selvedge"}, test.args...), strings.NewReader(""), &stdout, &stderr)
			if code != test.code || !strings.Contains(stdout.String(), test.stdout) || !strings.Contains(stderr.String(), test.stderr) {
				t.Errorf("selvedge %q = %d\nstdout %s\nstderr %s\nwant %d, %q, %q", test.args, code, stdout.String(), stderr.String(), test.code, test.stdout, test.stderr)
			}
		})
	}
}

// The file of the README is one that is read without a mistake, beside the files that it
// names.
func TestTheFileOfTheReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(readme), "```yaml\n")
	text, _, _ = strings.Cut(text, "```")
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "about.html"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse(filepath.Join(folder, "site.yaml"), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Pages) != 3 || len(c.Fragments) != 2 || c.Live != "auto" {
		t.Errorf("the file is read as %+v", c)
	}
}

// TestTheShopIsASiteOfItsFile serves the printed file of the shop as any other site, with its
// fragments in a process of each.
func TestTheShopIsASiteOfItsFile(t *testing.T) {
	data := t.TempDir()
	whole := startShop(t, "--data", data, "--page", "/help=shell/delivery")
	if a := whole.page("/help"); a.StatusCode != http.StatusOK || a.document(t).Find("h1").Text() != "Delivery" {
		t.Errorf("a page that a flag adds = %d %s", a.StatusCode, a.body)
	}
	var stdout, stderr strings.Builder
	if code := run(t.Context(), []string{"selvedge", "config", "shop"}, strings.NewReader(""), &stdout, &stderr); code != 0 {
		t.Fatalf("config shop = %d: %s", code, stderr.String())
	}
	file := filepath.Join(t.TempDir(), "shop.yaml")
	if err := os.WriteFile(file, []byte(stdout.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"selvedge", "serve", "--config", file, "--listen", "127.0.0.1:0", "--log", "text"}
	for _, name := range shopFragmentNames {
		args = append(args, "--fragment", name+"="+startShop(t, "fragment", name, "--data", data).url)
	}
	site := startHere(t, args...)
	for _, path := range []string{"/", "/products", "/products/3", "/cart", "/delivery", "/nothing", "/api/products", "/api/cart"} {
		eventually(t, path+" of the file is that of the shop", func() bool {
			want, got := whole.page(path), site.page(path)
			return got.StatusCode == want.StatusCode && len(got.body) > 0 &&
				got.document(t).Find("main").Text() == want.document(t).Find("main").Text()
		})
	}
}
