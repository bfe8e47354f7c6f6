package picture_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"selvedge/static/picture"
)

// each calls f with the name of a drawing of every kind in every view and
// pattern, in changing colors.
func each(t *testing.T, f func(name string)) {
	t.Helper()
	colors, n := picture.Colors(), 0
	for _, kind := range picture.Kinds() {
		for _, pattern := range picture.Patterns(kind) {
			for _, view := range picture.Views() {
				n++
				f(fmt.Sprintf("%s.%s.%s.%d.%s", kind, colors[n%len(colors)], pattern, n*7919, view))
			}
		}
	}
}

func TestThereIsEnoughToFillAShop(t *testing.T) {
	if n := len(picture.Kinds()); n < 30 {
		t.Errorf("%d kinds; want at least 30", n)
	}
	if n := len(picture.Colors()); n < 14 {
		t.Errorf("%d colors; want at least 14", n)
	}
	if got, want := picture.Views(), []string{"detail", "front", "set"}; !slices.Equal(got, want) {
		t.Errorf("Views() = %v; want %v", got, want)
	}
	if got := picture.Patterns("mug"); len(got) < 6 || got[0] != "plain" {
		t.Errorf("Patterns(mug) = %v; want plain and at least 5 others", got)
	}
	if got, want := picture.Patterns("pan"), []string{"plain"}; !slices.Equal(got, want) {
		t.Errorf("Patterns(pan) = %v; want %v", got, want)
	}
	if got := picture.Patterns("spaceship"); got != nil {
		t.Errorf("Patterns(spaceship) = %v; want none", got)
	}
}

func TestDrawingsAreSmallAndInert(t *testing.T) {
	each(t, func(name string) {
		svg, err := picture.Draw(name)
		if err != nil {
			t.Errorf("Draw(%q): %v", name, err)
			return
		}
		if err := inspect(svg); err != nil {
			t.Errorf("Draw(%q): %v", name, err)
		}
		if len(svg) > 9<<10 {
			t.Errorf("Draw(%q) has %d bytes; want at most 9 KiB", name, len(svg))
		}
	})
}

func TestAProductLooksDifferentInEveryViewColorPatternAndSeed(t *testing.T) {
	for _, kind := range picture.Kinds() {
		owner := map[string]string{}
		for _, pattern := range picture.Patterns(kind) {
			for _, color := range picture.Colors() {
				for _, view := range picture.Views() {
					for seed := range 2 {
						name := fmt.Sprintf("%s.%s.%s.%d.%s", kind, color, pattern, seed, view)
						svg := string(draw(t, name))
						if other, ok := owner[svg]; ok {
							t.Errorf("%s looks like %s", name, other)
						}
						owner[svg] = name
					}
				}
			}
		}
	}
}

func TestDrawIsDeterministic(t *testing.T) {
	each(t, func(name string) {
		if !bytes.Equal(draw(t, name), draw(t, name)) {
			t.Errorf("Draw(%q) differs from call to call", name)
		}
	})
}

func TestDrawRefusesOtherNames(t *testing.T) {
	for why, name := range map[string]string{
		"nothing":                       "",
		"a part is missing":             "mug.moss.stripe.17",
		"there is a part too many":      "mug.moss.stripe.17.front.front",
		"unknown kind":                  "spaceship.moss.stripe.17.front",
		"unknown color":                 "mug.ultraviolet.stripe.17.front",
		"unknown pattern":               "mug.moss.leopard.17.front",
		"pattern the kind cannot wear":  "pan.moss.stripe.17.front",
		"unknown view":                  "mug.moss.stripe.17.inside",
		"seed with a leading zero":      "mug.moss.stripe.017.front",
		"seed with a sign":              "mug.moss.stripe.+17.front",
		"negative seed":                 "mug.moss.stripe.-1.front",
		"seed beyond 32 bits":           "mug.moss.stripe.4294967296.front",
		"upper case":                    "Mug.moss.stripe.17.front",
		"a path":                        "../mug.moss.stripe.17.front",
		"space at the end":              "mug.moss.stripe.17.front ",
		"the file name of a whole site": "mug.moss.stripe.17.front.svg",
	} {
		if svg, err := picture.Draw(name); !errors.Is(err, picture.ErrName) || svg != nil {
			t.Errorf("%s: Draw(%q) = %d bytes, %v; want ErrName", why, name, len(svg), err)
		}
	}
}

func TestVersionIsTenHexDigits(t *testing.T) {
	if v := picture.Version(); !regexp.MustCompile(`^[0-9a-f]{10}$`).MatchString(v) {
		t.Errorf("Version() = %q; want ten hex digits", v)
	}
}

func FuzzDraw(f *testing.F) {
	f.Add("mug.moss.stripe.17.front")
	f.Add("armchair.pine.herringbone.4294967295.set")
	f.Add("pan.ink.plain.0.detail")
	f.Add("mug..stripe.17.front")
	f.Add("....")
	f.Fuzz(func(t *testing.T, name string) {
		svg, err := picture.Draw(name)
		if err != nil {
			if !errors.Is(err, picture.ErrName) {
				t.Errorf("Draw(%q): %v; want ErrName", name, err)
			}
			return
		}
		if err := inspect(svg); err != nil {
			t.Errorf("Draw(%q): %v", name, err)
		}
	})
}

// FuzzSeed draws every kind with seeds that nobody chose.
func FuzzSeed(f *testing.F) {
	f.Add(uint32(0), uint16(0))
	f.Add(uint32(1<<32-1), uint16(1<<16-1))
	f.Fuzz(func(t *testing.T, seed uint32, choice uint16) {
		r := rand.New(rand.NewPCG(uint64(choice), 0))
		one := func(of []string) string { return of[r.IntN(len(of))] }
		kind := one(picture.Kinds())
		name := fmt.Sprintf("%s.%s.%s.%d.%s", kind, one(picture.Colors()), one(picture.Patterns(kind)), seed, one(picture.Views()))
		if err := inspect(draw(t, name)); err != nil {
			t.Errorf("Draw(%q): %v", name, err)
		}
	})
}

func draw(t *testing.T, name string) []byte {
	t.Helper()
	svg, err := picture.Draw(name)
	if err != nil {
		t.Fatalf("Draw(%q): %v", name, err)
	}
	return svg
}

// lengths are the attributes that must not be negative.
var lengths = strings.Fields("width height r rx ry stroke-width")

// elements are all that a drawing may consist of.
var elements = strings.Fields("svg defs linearGradient radialGradient stop pattern g use rect circle ellipse path")

// inspect reports what keeps a document from being well-formed SVG that can
// neither run nor load anything.
func inspect(svg []byte) error {
	if bytes.Contains(svg, []byte("%!")) {
		return errors.New("a format and its arguments do not match")
	}
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !slices.Contains(elements, start.Name.Local) {
			return fmt.Errorf("element %s", start.Name.Local)
		}
		for _, a := range start.Attr {
			if err := inert(a); err != nil {
				return fmt.Errorf("element %s: %w", start.Name.Local, err)
			}
		}
	}
}

func inert(a xml.Attr) error {
	name := a.Name.Local
	if name == "style" || name == "class" || strings.HasPrefix(name, "on") {
		return fmt.Errorf("attribute %s", name)
	}
	if slices.Contains(lengths, name) && strings.HasPrefix(a.Value, "-") {
		return fmt.Errorf("negative %s", name)
	}
	if name == "href" && !strings.HasPrefix(a.Value, "#") {
		return fmt.Errorf("reference to %s", a.Value)
	}
	if strings.Contains(a.Value, "url(") && !strings.HasPrefix(a.Value, "url(#") {
		return fmt.Errorf("paint %s", a.Value)
	}
	return nil
}

func BenchmarkDraw(b *testing.B) {
	for _, name := range []string{"mug.moss.stripe.17.front", "shelf.oat.plain.9.set"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := picture.Draw(name); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
