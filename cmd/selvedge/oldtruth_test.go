package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// startPushed opens a live page with this main part, which notes its events. In it,
// push(html) is a message from the server, send() makes a request, and answer(html)
// answers it.
func startPushed(t *testing.T, main string) *browser {
	t.Helper()
	s := startShop(t)
	b := startBrowser(t, s.url)
	b.notesEvents()
	b.faster("1")
	b.live("/products")
	b.by("ws")
	b.shows(main)
	return b
}

func (b *browser) shows(main string) {
	b.t.Helper()
	evaluate[bool](b, "document.getElementById('main').innerHTML = "+script(b.t, main+"<form id=f hx-post=/><button></button></form>")+`;
		events = [];
		window.push = (html) => sockets.at(-1).dispatchEvent(new MessageEvent("message", { data: html }));
		window.fetch = (url) => new Promise((answer) => (window.answer = (html) => answer(new Response(html))));
		window.send = () => document.getElementById("f").requestSubmit();
		true`)
}

// TestOldTruthIsNotShown has pushes and answers cross each other.
func TestOldTruthIsNotShown(t *testing.T) {
	fragment := func(revision, text string) string {
		return "<p id=a data-revision=" + revision + " hx-swap-oob=true>" + text + "</p>"
	}
	const plain = "<p id=a hx-swap-oob=true>"
	tests := []struct{ name, page, steps, want string }{
		{"an older push after an answer", fragment("1", "page"),
			"send(), answer('" + fragment("3", "answer") + "'), await answered(), push('" + fragment("2", "push") + "')", "answer"},
		{"a push of an equal revision after the page", fragment("1", "page"), "push('" + fragment("1", "push") + "')", "push"},
		{"a push of an equal revision after an answer", fragment("1", "page"),
			"send(), answer('" + fragment("2", "answer") + "'), await answered(), push('" + fragment("2", "push") + "')", "push"},
		{"an answer of an equal revision that was asked for before a push", fragment("1", "page"),
			"send(), push('" + fragment("1", "push") + "'), answer('" + fragment("1", "answer") + "'), await answered()", "push"},
		{"an answer of an equal revision that was asked for after a push", fragment("1", "page"),
			"push('" + fragment("1", "push") + "'), await later(), send(), answer('" + fragment("1", "answer") + "'), await answered()", "answer"},
		{"an answer of a newer revision that was asked for before a push", fragment("1", "page"),
			"send(), push('" + fragment("2", "push") + "'), answer('" + fragment("3", "answer") + "'), await answered()", "answer"},
		{"an answer of another epoch that was asked for before a push", "<p id=a data-revision=1 data-epoch=e>page</p>",
			"send(), push('<p id=a data-revision=1 data-epoch=e hx-swap-oob=true>push</p>'), answer('<p id=a data-revision=1 hx-swap-oob=true>answer</p>'), await answered()", "answer"},
		{"an answer without a revision that was asked for before a push", plain + "page</p>",
			"send(), push('" + plain + "push</p>'), answer('" + plain + "answer</p>'), await answered()", "push"},
		{"an answer without a revision that was asked for after a push", plain + "page</p>",
			"push('" + plain + "push</p>'), await later(), send(), answer('" + plain + "answer</p>'), await answered()", "answer"},
		{"an answer around what was pushed", "<div id=o data-revision=1>page " + fragment("1", "page") + "</div>",
			"send(), push('" + fragment("1", "push") + "'), answer('<div id=o data-revision=2 hx-swap-oob=true>answer " + fragment("1", "answer") + "</div>'), await answered()", "answer push"},
		{"an answer in what was pushed around it", "<div id=o data-revision=1>page " + fragment("1", "page") + "</div>",
			"send(), push('<div id=o data-revision=2 hx-swap-oob=true>push " + fragment("1", "push") + "</div>'), answer('" + fragment("1", "answer") + "'), await answered()", "push push"},
		{"an answer to a form that was pushed meanwhile", "",
			`document.getElementById("f").dataset.revision = 1, send(), push('<form id=f hx-post=/ data-revision=1 hx-swap-oob=true>push</form>'), answer('<form id=f hx-post=/ data-revision=1 hx-swap-oob=true>answer</form>'), await answered()`, "push"},
	}
	b := startPushed(t, "")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b.shows(test.page)
			evaluate[bool](b, `(async () => {
				const later = () => new Promise((done) => setTimeout(done, 5));
				const answered = async () => { while (document.querySelector("[aria-busy]")) await later() };
				`+test.steps+`;
				return true;
			})()`)
			if got := b.text("main"); got != test.want {
				t.Errorf("the page reads %q; want %q of\n%s", got, test.want, act(b, chromedp.InnerHTML(chromedp.CSS("main"))))
			}
		})
	}
}
