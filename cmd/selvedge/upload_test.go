package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// startUpload opens a page of a site that takes files at POST /upload, with a form for one
// of 20 MB that has these elements.
func startUpload(t *testing.T, receive http.HandlerFunc, elements string) *browser {
	t.Helper()
	shop := httputil.NewSingleHostReverseProxy(mustParse(t, startShop(t).url))
	mux := http.NewServeMux()
	mux.Handle("/", shop)
	mux.HandleFunc("POST /upload", receive)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	b := startBrowser(t, server.URL)
	b.notesEvents()
	b.open("/products/1?transport=none")
	evaluate[bool](b, "document.getElementById('main').innerHTML = "+script(t, `<form id=f hx-post=/upload enctype=multipart/form-data><input name=text value=t><input type=file name=file>`+elements+`<button>Send</button></form>`)+`;
		window.progress = [];
		addEventListener("selvedge:progress", ({ target, detail }) => progress.push({ ...detail, id: target.id, value: target.querySelector("progress[data-upload]")?.value }));
		const files = new DataTransfer();
		files.items.add(new File([new Uint8Array(20e6)], "a.bin"));
		document.querySelector("[type=file]").files = files.files;
		true`)
	return b
}

func TestAFileShowsItsProgress(t *testing.T) {
	arrived, received := make(chan struct{}), make(chan struct{})
	goOn := sync.OnceFunc(func() { close(received) })
	t.Cleanup(goOn)
	b := startUpload(t, func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.CopyN(io.Discard, r.Body, 1e6); err != nil {
			t.Error(err)
		}
		close(arrived)
		<-received
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil || n < 19e6 || n > 20e6 {
			t.Errorf("received %d bytes more, %v; want the file", n, err)
		}
		for name, want := range map[string]string{"HX-Request": "true", "Accept": "text/html", "HX-Current-URL": "/products/1", "Idempotency-Key": `"`, "Content-Type": "multipart/form-data; boundary="} {
			if got := r.Header.Get(name); !strings.Contains(got, want) {
				t.Errorf("%s: %q; want %s in it", name, got, want)
			}
		}
		_, _ = io.WriteString(w, `<p id=done hx-swap-oob=true>Received</p>`)
	}, `<progress value=0 max=7></progress><progress data-upload></progress><p id=done></p>`)
	b.click("#f button")
	select {
	case <-arrived:
	case <-time.After(patience):
		t.Fatal("the file does not arrive")
	}
	b.until("a part is sent", "progress.some(({ loaded, total }) => loaded > 0 && loaded < total)")
	if !evaluate[bool](b, "progress.at(-1).value > 0 && progress.at(-1).value === progress.at(-1).loaded && progress[0].total > 20e6 && document.querySelector('progress').max === 7") {
		t.Errorf("progress = %v; want it shown in the element of the attribute data-upload", evaluate[[]any](b, "progress"))
	}
	goOn()
	b.sees("#done", "Received")
	if !evaluate[bool](b, "progress.at(-1).loaded === progress.at(-1).total && progress.every(({ id }) => id === 'f')") {
		t.Errorf("progress = %v; want all of it on the form at the end", evaluate[[]any](b, "progress"))
	}
	b.until("the element is as it was", "!document.querySelector('progress[data-upload]').hasAttribute('value')")
	b.settled()
}

func TestAFileWithoutAnElementForItsProgressIsSent(t *testing.T) {
	b := startUpload(t, func(w http.ResponseWriter, r *http.Request) {
		file, header, err := r.FormFile("file")
		if err != nil || header.Size != 20e6 || r.FormValue("text") != "t" {
			t.Errorf("received %v, %v, text=%s; want the form", header, err, r.FormValue("text"))
			return
		}
		_ = file.Close()
		_, _ = io.WriteString(w, `<p id=done hx-swap-oob=true>Received</p>`)
	}, `<p id=done></p>`)
	b.click("#f button")
	b.sees("#done", "Received")
	if n := evaluate[int](b, "document.querySelectorAll('progress').length"); n != 0 {
		t.Errorf("the page has %d elements for progress; want none added", n)
	}
}

// TestAFileWithoutAnAnswerIsSentOnceMore has the form say that the server knows a key.
func TestAFileWithoutAnAnswerIsSentOnceMore(t *testing.T) {
	var keys []string
	b := startUpload(t, func(w http.ResponseWriter, r *http.Request) {
		keys = append(keys, r.Header.Get("Idempotency-Key"))
		_, _ = io.Copy(io.Discard, r.Body)
		if len(keys) == 1 {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, `<p id=done hx-swap-oob=true>Received</p>`)
	}, `<input type=hidden name=idempotencyKey value=k><p id=done></p>`)
	b.click("#f button")
	b.sees("#done", "Received")
	if len(keys) != 2 || keys[0] != keys[1] || keys[0] == "" {
		t.Errorf("keys = %q; want the same one twice", keys)
	}
}

func TestAFileThatFailsIsSaid(t *testing.T) {
	b := startUpload(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		panic(http.ErrAbortHandler)
	}, "")
	b.click("#f button")
	b.sees("#notice", "It is not known whether this was done")
	b.events(`selvedge:error f {"status":0,"kind":"request"}`, 1)
}

func TestAFileMayLeadToAnotherPage(t *testing.T) {
	for name, redirect := range map[string]func(w http.ResponseWriter, r *http.Request){
		"a redirect":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/cart", http.StatusSeeOther) },
		"HX-Redirect": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("HX-Redirect", "/cart") },
	} {
		t.Run(name, func(t *testing.T) {
			b := startUpload(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				redirect(w, r)
			}, "")
			if path := b.arrive(chromedp.Click(chromedp.CSS("#f button"))); path != "/cart" {
				t.Errorf("the form leads to %s; want /cart", path)
			}
		})
	}
}
