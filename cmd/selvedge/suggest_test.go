package main

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	searchField  = "document.getElementById('q')"
	shownOptions = "[...document.querySelectorAll('.search-suggestions:not([hidden]) [role=option]')]"
	listIsClosed = searchField + ".getAttribute('aria-expanded') === 'false' && document.querySelector('.search-suggestions').hidden"
)

// typeSearch types into the search field, and waits for so many suggestions.
func (b *browser) typeSearch(text, count string) {
	b.t.Helper()
	b.fill("#q", text)
	b.until(text+" has "+count+" suggestions", shownOptions+".length === "+count+" && "+searchField+".getAttribute('aria-expanded') === 'true'")
}

// chosen waits for the option that the keys have chosen, by its text; "" is none.
func (b *browser) chosen(text string) {
	b.t.Helper()
	b.until("the chosen option is "+text, `(() => {
		const id = `+searchField+`.getAttribute("aria-activedescendant");
		const chosen = `+shownOptions+`.filter((el) => el.ariaSelected === "true");
		const text = chosen.map((el) => el.firstElementChild.innerText).join();
		return document.activeElement === `+searchField+` && text === `+quote(text)+` && (chosen.length ? chosen[0].id === id : id === null);
	})()`)
}

// TestSuggestionsWhileTyping uses the keyboard alone, under each script.
func TestSuggestionsWhileTyping(t *testing.T) {
	for name, scripts := range scriptsOf(t) {
		t.Run(name, func(t *testing.T) {
			s := startShop(t, scripts...)
			b := startBrowser(t, s.url)
			b.open("/cart")
			b.typeSearch("headph", "2")
			b.until("the number is said", `document.getElementById("announcement").innerText === "2 suggestions"`)
			b.until("the field says what it has", searchField+`.matches("[role=combobox][aria-autocomplete=list][aria-controls=search-suggestions]")`)
			b.chosen("")

			const first, second = "Closed-back headphones", "Wireless headphones, sand"
			for _, step := range []struct{ key, wants string }{
				{kb.ArrowDown, first}, {kb.ArrowDown, second}, {kb.ArrowDown, ""}, {kb.ArrowDown, first},
				{kb.ArrowUp, ""}, {kb.ArrowUp, second},
			} {
				b.press(step.key)
				b.chosen(step.wants)
			}
			b.press(kb.Escape)
			b.until("the list is closed", listIsClosed)
			b.until("the text is as typed", searchField+".value === 'headph'")
			b.press(kb.ArrowDown)
			b.chosen(first)
			if path := b.arrive(chromedp.KeyEvent(kb.Enter)); path != "/products/7" {
				t.Errorf("Enter on an option leads to %s; want /products/7", path)
			}

			b.typeSearch("headph", "2")
			if path := b.arrive(chromedp.KeyEvent(kb.Enter)); path != "/products?q=headph" {
				t.Errorf("Enter without an option leads to %s; want /products?q=headph", path)
			}
			b.typeSearch("blkanet", "1")
			if path := b.follow("#search-suggestion-1"); path != "/products?q=blanket" {
				t.Errorf("a click on an option leads to %s; want /products?q=blanket", path)
			}
		})
	}
}

// TestSuggestionsClose types what has none, empties the field, and leaves it.
func TestSuggestionsClose(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	b.open("/")
	b.typeSearch("headph", "2")
	b.fill("#q", "spaceship")
	b.until("nothing is suggested", listIsClosed+` && document.getElementById("announcement").innerText === "No suggestions"`)
	b.press(kb.ArrowDown)
	b.until("there is nothing to choose", listIsClosed)

	b.typeSearch("headph", "2")
	b.press(kb.Tab)
	b.until("the list of a field that was left is closed", listIsClosed)

	b.typeSearch("headph", "2")
	b.fill("#q", kb.Backspace)
	b.until("the list of an empty field is closed", listIsClosed)
	b.press(kb.ArrowDown)
	b.until("it stays so", listIsClosed)
}

// TestSuggestionsAreAccessible has axe-core look at an open list, with an option
// that is chosen.
func TestSuggestionsAreAccessible(t *testing.T) {
	axe, err := os.ReadFile(tool(t, "axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	s := startShop(t)
	b := startBrowser(t, s.url)
	for _, view := range views {
		b.size(view.width, view.height)
		b.dark(view.dark)
		b.open("/")
		b.typeSearch("li", "8")
		b.press(kb.ArrowDown)
		b.chosen("Lighting")
		if !evaluate[bool](b, "document.documentElement.scrollWidth <= innerWidth") {
			t.Errorf("%s: the page is wider than the window", view.name)
		}
		evaluate[bool](b, string(axe)+"; true")
		for _, v := range evaluate[[]violation](b, "axe.run().then(r => r.violations)") {
			nodes, _ := json.MarshalIndent(v.Nodes, "", " ")
			t.Errorf("%s: %s: %s\n%s", view.name, v.ID, v.Help, nodes)
		}
	}
}

// TestASearchNeedsNoSuggestions searches without scripts, and while suggestions do
// not arrive.
func TestASearchNeedsNoSuggestions(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		t.Run(fmt.Sprintf("scripts %t", scripts), func(t *testing.T) {
			_, p, b := startFaultyShop(t)
			asked := p.hold(-1, "GET /fragments/productlist/suggest")
			if !scripts {
				b.withoutScripts()
			}
			b.open("/")
			b.fill("#q", "headph")
			if scripts {
				asked.await(t, 1)
			}
			if path := b.arrive(chromedp.KeyEvent(kb.Enter)); path != "/products?q=headph" {
				t.Errorf("Enter leads to %s; want /products?q=headph", path)
			}
			b.wants("#productlist", "Closed-back headphones")
		})
	}
}
