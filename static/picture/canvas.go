package picture

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// canvas is a drawing in the making. Coordinates are whole units of a square
// of 400; later elements cover earlier ones.
type canvas struct {
	b       strings.Builder
	p       palette
	pattern string
	seed    uint64
	r       *rand.Rand // decides on what differs between two things of a kind
}

func newCanvas(s subject) *canvas {
	c := &canvas{p: s.palette, pattern: s.pattern, seed: s.seed}
	c.b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">`)
	c.reseed(photograph)
	c.element("defs", "", func() {
		c.definePattern(c.between(9, 15))
		c.defineLight(c.between(30, 70), c.between(25, 55))
		c.b.WriteString(gradients)
	})
	return c
}

// What the picks are for: the streams of one seed.
const (
	shape = iota
	photograph
)

// reseed starts the picks of a stream from the beginning. One drawing can so
// show the same thing several times.
func (c *canvas) reseed(stream uint64) { c.r = rand.New(rand.NewPCG(c.seed, stream)) }

// defineLight puts the light of the background, brightest at x, y percent,
// into the drawing as the paint "url(#back)".
func (c *canvas) defineLight(x, y int) {
	c.element("radialGradient", fmt.Sprintf(`id="back" cx=".%02d" cy=".%02d" r=".8"`, x, y), func() {
		c.b.WriteString(`<stop offset="0" stop-color="#fff" stop-opacity=".55"/>` +
			`<stop offset=".6" stop-color="#fff" stop-opacity=".08"/><stop offset="1" stop-opacity=".06"/>`)
	})
}

// gradients are the lights that every drawing uses: "round" over something
// that curves away to the sides, "flat" over a surface, "halo" around a lamp
// and "soft" for the shadow on the floor.
const gradients = `<linearGradient id="round">` +
	`<stop offset="0" stop-color="#fff" stop-opacity=".1"/><stop offset=".22" stop-color="#fff" stop-opacity=".28"/>` +
	`<stop offset=".5" stop-color="#fff" stop-opacity="0"/><stop offset=".62" stop-opacity=".03"/><stop offset="1" stop-opacity=".28"/></linearGradient>` +
	`<linearGradient id="flat" x2="1" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".2"/>` +
	`<stop offset=".5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-opacity=".14"/></linearGradient>` +
	`<radialGradient id="halo"><stop offset="0" stop-color="#ffe9a8" stop-opacity=".85"/>` +
	`<stop offset="1" stop-color="#ffe9a8" stop-opacity="0"/></radialGradient>` +
	`<radialGradient id="soft"><stop offset="0" stop-opacity=".34"/><stop offset=".55" stop-opacity=".2"/>` +
	`<stop offset="1" stop-opacity="0"/></radialGradient>`

// pick returns a number from 0 to n-1.
func (c *canvas) pick(n int) int { return c.r.IntN(n) }

// between returns a number from low to high.
func (c *canvas) between(low, high int) int { return low + c.pick(high-low+1) }

func (c *canvas) document() []byte { return []byte(c.b.String() + "</svg>\n") }

// element writes an element with the content that inside writes.
func (c *canvas) element(name, attributes string, inside func()) {
	if attributes != "" {
		attributes = " " + attributes
	}
	fmt.Fprintf(&c.b, "<%s%s>", name, attributes)
	inside()
	fmt.Fprintf(&c.b, "</%s>", name)
}

// transformed moves, turns or scales what inside draws.
func (c *canvas) transformed(inside func(), transform string, args ...any) {
	c.element("g", `transform="`+fmt.Sprintf(transform, args...)+`"`, inside)
}

func (c *canvas) rect(fill string, x, y, width, height, radius int) {
	fmt.Fprintf(&c.b, `<rect x="%d" y="%d" width="%d" height="%d"`, x, y, width, height)
	if radius > 0 {
		fmt.Fprintf(&c.b, ` rx="%d"`, radius)
	}
	fmt.Fprintf(&c.b, ` fill="%s"/>`, fill)
}

func (c *canvas) ellipse(fill string, cx, cy, rx, ry int) {
	fmt.Fprintf(&c.b, `<ellipse cx="%d" cy="%d" rx="%d" ry="%d" fill="%s"/>`, cx, cy, rx, ry, fill)
}

func (c *canvas) circle(fill string, cx, cy, r int) {
	fmt.Fprintf(&c.b, `<circle cx="%d" cy="%d" r="%d" fill="%s"/>`, cx, cy, r, fill)
}

// path fills the outline that the format and its arguments give in the
// language of SVG path data.
func (c *canvas) path(fill, format string, args ...any) {
	fmt.Fprintf(&c.b, `<path d="%s" fill="%s"/>`, fmt.Sprintf(format, args...), fill)
}

// stroke draws a line with round ends.
func (c *canvas) stroke(color string, width int, format string, args ...any) {
	fmt.Fprintf(&c.b, `<path d="%s" fill="none" stroke="%s" stroke-width="%d" stroke-linecap="round" stroke-linejoin="round"/>`,
		fmt.Sprintf(format, args...), color, width)
}

// dashes draws a seam of small stitches.
func (c *canvas) dashes(color string, format string, args ...any) {
	fmt.Fprintf(&c.b, `<path d="%s" fill="none" stroke="%s" stroke-width="2" stroke-linecap="round" stroke-dasharray="5 5"/>`,
		fmt.Sprintf(format, args...), color)
}
