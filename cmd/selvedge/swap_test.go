package main

import (
	"encoding/json"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestWhatIsSwapped gives the script HTML as an answer, and looks at the page
// after it. The variables a to d are elements as they were before.
func TestWhatIsSwapped(t *testing.T) {
	tests := []struct {
		name, page, answer, want string
	}{
		{"an element by its id", `<p id=a>1</p>`, `<p id=a class=x hx-swap-oob=true>2</p>`,
			`a.isConnected && a.outerHTML === '<p id="a" class="x">2</p>'`},
		{"several, with what stands between", `<p id=a>1</p><p id=b>1</p>`,
			"<!-- hb -->\n<p id=a hx-swap-oob=true>2</p> text <p id=b hx-swap-oob=outerMorph>3</p>", `a.innerText + b.innerText === "23"`},
		{"nothing that does not say so", `<p id=a>1</p>`, `<p id=a>2</p>`, `a.innerText === "1"`},
		{"nothing without a place", `<p id=a>1</p>`, `<p id=nowhere hx-swap-oob=true>2</p><p hx-swap-oob=true>3</p>`, `a.innerText === "1"`},
		{"nothing, of text", `<p id=a>1</p>`, `ping`, `a.innerText === "1"`},
		{"a row of a table", `<table><tr id=a><td>1</table>`, `<tr id=a hx-swap-oob=true><td>2</tr>`, `a.isConnected && a.innerText === "2"`},
		{"another kind of element", `<p id=a>1</p>`, `<div id=a hx-swap-oob=true>2</div>`, `document.querySelector("div#a").innerText === "2"`},
		{"the content alone", `<p id=a class=x>1</p>`, `<p id=a hx-swap-oob=innerHTML><b>2</b></p>`, `a.outerHTML === '<p id="a" class="x"><b>2</b></p>'`},
		{"more at the end of a list", `<ul id=a><li>1</ul>`, `<ul id=x hx-swap-oob="beforeend:#a"><li>2</li></ul>`, `a.innerText === "1\n2"`},
		{"all that a selector finds", `<b class=n>1</b><b class=n>1</b>`, `<b id=x hx-swap-oob="innerHTML:.n">2</b>`,
			`[...document.querySelectorAll(".n")].every(n => n.innerText === "2")`},
		{"nothing any more", `<p id=a>1</p>`, `<p id=a hx-swap-oob=delete></p>`, `!a.isConnected`},

		{"a newer revision", `<p id=a data-revision=9>1</p>`, `<p id=a data-revision=10 hx-swap-oob=true>2</p>`, `a.innerText === "2"`},
		{"an equal revision, of another version of its fragment", `<p id=a data-revision=9>1</p>`, `<p id=a data-revision=9 hx-swap-oob=true>2</p>`, `a.isConnected && a.innerText === "2"`},
		{"no older revision", `<p id=a data-revision=10>1</p>`, `<p id=a data-revision=9 hx-swap-oob=true>2</p>`, `a.innerText === "1"`},
		{"no older revision inside of a newer one", `<div id=a data-revision=1>1<p id=b data-revision=3>1</p></div>`,
			`<div id=a data-revision=2 hx-swap-oob=true>2<p id=b data-revision=2>2</p></div>`, `a.innerText === "2\n\n1"`},
		{"a smaller revision of another epoch", `<p id=a data-revision=10>1</p>`, `<p id=a data-revision=9 data-epoch=e hx-swap-oob=true>2</p>`,
			`a.innerText === "2" && a.dataset.epoch === "e"`},
		{"no older revision of the same epoch", `<p id=a data-revision=10 data-epoch=e>1</p>`,
			`<p id=a data-revision=9 data-epoch=e hx-swap-oob=true>2</p>`, `a.innerText === "1"`},
		{"a fallback", `<p id=a>1</p>`, `<p id=a data-revision=0 hx-swap-oob=true>2</p>`, `a.innerText === "2"`},

		{"what is typed", `<div id=a><input id=b value=x></div>`, `<div id=a hx-swap-oob=true><i>!</i><input id=b value=y></div>`,
			`b.isConnected && b.value === "typed" && b.defaultValue === "y"`},
		{"what is chosen", `<div id=a><select id=b><option selected>1<option>2</select><input id=c type=checkbox></div>`,
			`<div id=a hx-swap-oob=true><select id=b><option selected>1<option>2</select><input id=c type=checkbox></div>`,
			`b.value === "2" && c.checked`},
		{"fields that nobody touched", `<div id=a><input value=x><textarea>x</textarea><input type=checkbox></div>`,
			`<div id=a hx-swap-oob=true><input value=y><textarea>y</textarea><input type=checkbox checked></div>`,
			`[a.children[0].value, a.children[1].value, a.children[2].checked].join() === "y,y,true"`},
		{"fields that were typed into and emptied", `<div id=a><input id=d value=x></div>`, `<div id=a hx-swap-oob=true><input id=d value=y></div>`,
			`d.isConnected && d.value === "y"`},
		{"what is typed and is the default", `<div id=a><input id=c value=x></div>`, `<div id=a hx-swap-oob=true><input id=c value=y></div>`,
			`c.value === "x" && c.defaultValue === "y"`},
		{"what is chosen of several", `<div id=a><input type=radio name=n checked><input type=radio name=n id=c></div>`,
			`<div id=a hx-swap-oob=true><input type=radio name=n checked><input type=radio name=n id=c></div>`, `c.checked`},
		{"what is typed into what comes back", `<div id=a><p><input id=c value=typed></p></div>`, `<div id=a hx-swap-oob=true><p><b></b></p></div><div id=a hx-swap-oob=true><p><input id=c value=y></p></div>`,
			`c.isConnected && c.value === "typed" && c.defaultValue === "y"`},
		{"not what is preserved", `<div id=a>1<p id=b>1</p></div>`, `<div id=a hx-swap-oob=true>2<p id=b hx-preserve>2</p></div>`,
			`a.innerText === "2\n\n1" && b.isConnected`},
		{"what is no longer preserved", `<div id=a>1<p id=b hx-preserve>1</p></div>`, `<div id=a hx-swap-oob=true>2<p id=b>2</p></div>`,
			`a.innerText === "2\n\n2"`},
		{"what is before the focus", `<ul id=a><li id=c>1<li id=d><input id=b value=x></ul>`, `<ul id=a hx-swap-oob=true><li id=d><input id=b value=x></ul>`,
			`!c.isConnected && document.activeElement === b`},
		{"a list in another order", `<ul id=a><li id=b><li id=c><li id=d></ul>`, `<ul id=a hx-swap-oob=true><li id=d><li id=x><li id=b></ul>`,
			`[...a.children].map(e => e.id).join("") === "dxb" && b.isConnected && d.isConnected && !c.isConnected`},
		{"what is folded out", `<details id=a open><summary>s</summary>1</details>`, `<details id=a hx-swap-oob=true><summary>s</summary>2</details>`, `a.open`},
		{"a live region", `<div id=a><p id=b role=status>1</p></div>`, `<div id=a hx-swap-oob=true><p id=b role=status>2</p></div>`,
			`b.isConnected && b.innerText === "2"`},
		{"the focus of what goes away", `<div id=a><button id=b>1</button></div>`, `<div id=a hx-swap-oob=true>gone</div>`, `document.activeElement === a`},
	}
	s := startShop(t)
	b := startBrowser(t, s.url)
	b.beforeScripts("Element.prototype.moveBefore = undefined") // as in browsers that do not have it
	b.open("/products")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			evaluate[any](b, "document.getElementById('main').innerHTML = "+script(t, test.page+"<form id=f hx-post=/><button id=send>")+`;
				[a, b, c, d] = ["a", "b", "c", "d"].map(id => document.getElementById(id));
				b?.focus?.();
				if (b?.matches("input")) b.value = "typed";
				if (d?.matches("input")) { d.value = "typed"; d.value = d.defaultValue }
				if (c?.matches("input:only-of-type")) c.value = c.value, c.dispatchEvent(new Event("input", { bubbles: true }));
				if (c?.type === "radio") c.click();
				if (b?.matches("select")) { b.value = "2"; c.checked = true }
				window.fetch = async () => new Response(`+script(t, test.answer)+`);
				document.getElementById("f").requestSubmit();`)
			b.until("the answer is applied", "!document.querySelector('[aria-busy]')")
			if !evaluate[bool](b, test.want) {
				t.Errorf("%s is not true of\n%s", test.want, act(b, chromedp.InnerHTML(chromedp.CSS("main"))))
			}
		})
	}
}

// script writes a text as a string of JavaScript.
func script(t testing.TB, text string) string {
	t.Helper()
	b, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
