package htmltag_test

import (
	"fmt"
	"slices"
	"testing"

	"selvedge/composer/htmltag"
)

func ExampleFinder() {
	f := htmltag.Finder{Name: "body"}
	for _, piece := range []string{`<body><!-- </body> --><script>"</body>"</script></bo`, `dy></html>`} {
		fmt.Println(f.Find([]byte(piece)), f.Undecided())
	}
	// Output:
	// [] 4
	// [-4] 0
}

// finderBodies are bodies with end tags of body, and text that only looks so.
var finderBodies = []string{
	``, `</body>`, `a</BODY >b</body/>c</bodyx></ body></body`, `<<//body></<</body>`, `</body></body>`,
	`<!-- </body> --></body>`, `<!--></body>-->`, `<!---></body>`, `<!----></body>`, `<!-- - -- </body> -- > ---></body>`, `<!-x></body>`,
	`<!doctype </body>></body>`, `<?xml </body>?></body>`, `<!></body>`,
	`<script>"</body>"</script></body>`, `<SCRIPT src=a/></body></Script></body>`, `<style></body></styl></style</body></style></body>`,
	`<textarea></body></textarea ></body>`, `<title>a<</title></body>`, `<title>a</</title></body>`, `</script></body>`,
	`<a title="</body>" b='</body>' c=</body> d></body>`, `<a b = "</body>"></body>`, `<a b=c"</body>"></body>`, `<a b=""="</body>"></body>`,
	`<a ="</body>"></body>`, `<a/="</body>"></body>`, `<a b/="</body>"></body>`, `<a b='`, `<a =b="</body>"></body>`, `<a b c="</body>"></body>`,
	`<a b=></body>`, `<a b= ></body>`, `<3></body>`, `<p</body></p></body>`, `<p <b></body>`,
	`<table><tr></body></table>`, `<iframe></body></iframe></body x="</body>"></body>`,
}

// bodyEnds returns the positions of the end tags that Next finds.
func bodyEnds(body []byte) []int {
	var found []int
	for i := 0; ; {
		tag, ok := htmltag.Next(body, i)
		if !ok {
			return found
		}
		if tag.IsClosing && tag.Name == "body" {
			found = append(found, tag.Start)
		}
		i = tag.Next
	}
}

// findIn returns the positions of the end tags in a body that is cut into pieces of n bytes. It
// also reports an end tag that Undecided has not announced.
func findIn(t *testing.T, body []byte, n int) []int {
	t.Helper()
	f := htmltag.Finder{Name: "body"}
	var found []int
	undecided, at := 0, 0
	for piece := range slices.Chunk(body, n) {
		for _, offset := range f.Find(piece) {
			if offset < -undecided {
				t.Errorf("%q in pieces of %d: a tag begins %d bytes before the piece; want %d at most", body, n, -offset, undecided)
			}
			found = append(found, at+offset)
		}
		undecided = f.Undecided()
		at += len(piece)
	}
	return found
}

func TestAFinderFindsTheEndTagsThatNextFinds(t *testing.T) {
	for _, body := range finderBodies {
		for n := 1; n <= max(len(body), 1); n++ {
			if got, want := findIn(t, []byte(body), n), bodyEnds([]byte(body)); !slices.Equal(got, want) {
				t.Errorf("%q in pieces of %d has end tags at %v; want %v", body, n, got, want)
			}
		}
	}
}

func TestTextOfAnotherSourceIsNoPartOfATag(t *testing.T) {
	tests := []struct {
		before, after string
		want          []int
	}{
		{`<`, `/body></body>`, []int{6}},
		{`</`, `body></body>`, []int{5}},
		{`</bo`, `dy></body>`, []int{3}},
		{`</body`, `></body>`, []int{1}},
		{`</bod`, `y x="></body>"></body>`, []int{15}},
		{`<!-`, `- ></body>`, []int{3}},
		{`<script></scr`, `ipt></body></script></body>`, []int{20}},
		{`<!-- `, `</body>--></body>`, []int{10}},
	}
	for _, test := range tests {
		f := htmltag.Finder{Name: "body"}
		f.Find([]byte(test.before))
		f.Interrupt()
		if got := f.Undecided(); got != 0 {
			t.Errorf("%d bytes of %q are undecided behind an interruption; want none", got, test.before)
		}
		if got := f.Find([]byte(test.after)); !slices.Equal(got, test.want) {
			t.Errorf("behind %q and an interruption, %q has end tags at %v; want %v", test.before, test.after, got, test.want)
		}
	}
}

func FuzzFinder(f *testing.F) {
	for _, body := range finderBodies {
		f.Add([]byte(body), 3)
	}
	f.Fuzz(func(t *testing.T, body []byte, n int) {
		got := findIn(t, body, max(n, 1))
		want := bodyEnds(body)
		// The last tag counts before its >, which Next requires.
		if len(got) == len(want)+1 {
			got = got[:len(want)]
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q in pieces of %d has end tags at %v; want %v", body, n, got, want)
		}
	})
}
