package htmltag_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"selvedge/composer/htmltag"
)

func ExampleNext() {
	body := []byte(`<!-- a --><article id="card"><img src=x><script>"<b>"</script></article>`)
	for i := 0; ; {
		tag, ok := htmltag.Next(body, i)
		if !ok {
			break
		}
		id, _ := tag.Attribute("id")
		fmt.Printf("%s %q %v\n", tag.Name, id, tag.IsClosing)
		i = tag.Next
	}
	// Output:
	// article "card" false
	// img "" false
	// script "" false
	// script "" true
	// article "" true
}

// tokens returns the tags that the tokenizer of golang.org/x/net/html finds.
func tokens(body string) []string {
	var tags []string
	z := html.NewTokenizer(strings.NewReader(body))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return tags
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, hasAttributes := z.TagName()
			tag := string(name)
			if kind == html.EndTagToken {
				tag = "/" + tag
				hasAttributes = false
			}
			for hasAttributes {
				var key, value []byte
				key, value, hasAttributes = z.TagAttr()
				tag += fmt.Sprintf(" %s=%q", key, value)
			}
			tags = append(tags, tag)
		}
	}
}

// found returns the tags that this package finds.
func found(body string) []string {
	var tags []string
	for i := 0; ; {
		t, ok := htmltag.Next([]byte(body), i)
		if !ok {
			return tags
		}
		i = t.Next
		tag := t.Name
		if t.IsClosing {
			tags = append(tags, "/"+tag)
			continue
		}
		for name, value := range htmltag.Attributes(t.Attributes) {
			tag += fmt.Sprintf(" %s=%q", bytes.ToLower(name), value)
		}
		tags = append(tags, tag)
	}
}

func TestTagsAreThoseOfAnHTMLParser(t *testing.T) {
	for _, body := range []string{
		``, `text`, `a < b`, `<div id="a">x</div>`, `<DIV ID='a' Class=b hidden>`, `<a title="x > y" id=a>`, `<a id = "a" b= c d =e>`,
		`<!-- <p id=b> --><div id=a>`, `<!doctype html><p>`, `<?xml version="1.0"?><p>`, `<!--><p id=a>`, `<!---><p>`,
		`<script>"<b>" </b></script><i>`, `<style>a > b { }</style>`, `<textarea><b></textarea><b>`, `<title><b></title>`,
		`<br/><hr / ><img src=a/>`, `</ a><b>`, `<3><b>`, `<a/b=c>`, `<a b=''c="">`, "<a\nb\t=\fc\r>", `<svg id=a />`,
	} {
		if got, want := strings.Join(found(body), "\n"), strings.Join(tokens(body), "\n"); got != want {
			t.Errorf("%q has the tags\n%s\nwant\n%s", body, got, want)
		}
	}
}

const card = `
<article id="product-42" class="product-card" data-revision="17" data-epoch="e1"><a href="/products/42"><img src="/x.svg" alt="">Mug</a></article>`

// BenchmarkFirstTag compares the search for the id of a fragment's first element with
// that by the tokenizer of golang.org/x/net/html.
func BenchmarkFirstTag(b *testing.B) {
	body := []byte(card)
	b.Run("htmltag", func(b *testing.B) {
		for b.Loop() {
			text, _ := htmltag.First(body)
			for name, value := range htmltag.Attributes(text) {
				if string(name) == "id" && len(value) == 0 {
					b.Fatal("no id")
				}
			}
		}
	})
	b.Run("tokenizer", func(b *testing.B) {
		for b.Loop() {
			z := html.NewTokenizer(bytes.NewReader(body))
			for z.Next() != html.StartTagToken {
			}
			for hasMore := true; hasMore; {
				var name, value []byte
				if name, value, hasMore = z.TagAttr(); string(name) == "id" && len(value) == 0 {
					b.Fatal("no id")
				}
			}
		}
	})
}
