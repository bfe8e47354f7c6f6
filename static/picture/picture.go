package picture

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// ErrName says that a name is not the name of any picture.
var ErrName = errors.New("not the name of a picture")

// subject is a parsed name.
type subject struct {
	kind    kind
	palette palette
	pattern string
	seed    uint64
	view    string
}

// Draw returns the SVG document of a name. Its error is ErrName with the part
// that is wrong.
func Draw(name string) ([]byte, error) {
	s, err := parse(name)
	if err != nil {
		return nil, err
	}
	c := newCanvas(s)
	views[s.view](c, s.kind)
	return c.document(), nil
}

func parse(name string) (subject, error) {
	parts := strings.Split(name, ".")
	if len(parts) != 5 {
		return subject{}, fmt.Errorf("%w: %d parts instead of 5", ErrName, len(parts))
	}
	k, ok := kinds[parts[0]]
	if !ok {
		return subject{}, fmt.Errorf("%w: kind %q", ErrName, parts[0])
	}
	p, ok := palettes[parts[1]]
	if !ok {
		return subject{}, fmt.Errorf("%w: color %q", ErrName, parts[1])
	}
	if !slices.Contains(Patterns(parts[0]), parts[2]) {
		return subject{}, fmt.Errorf("%w: pattern %q of a %s", ErrName, parts[2], parts[0])
	}
	seed, err := strconv.ParseUint(parts[3], 10, 32)
	if err != nil || strconv.FormatUint(seed, 10) != parts[3] {
		return subject{}, fmt.Errorf("%w: seed %q", ErrName, parts[3])
	}
	if _, ok := views[parts[4]]; !ok {
		return subject{}, fmt.Errorf("%w: view %q", ErrName, parts[4])
	}
	return subject{kind: k, palette: p, pattern: parts[2], seed: seed, view: parts[4]}, nil
}

// Kinds returns the kinds of things that Draw knows, sorted.
func Kinds() []string { return slices.Sorted(maps.Keys(kinds)) }

// Colors returns the names of all colors, sorted.
func Colors() []string { return slices.Sorted(maps.Keys(palettes)) }

// Patterns returns the surfaces that a kind comes in, "plain" first, and
// nothing for an unknown kind.
func Patterns(kind string) []string {
	k, ok := kinds[kind]
	if !ok {
		return nil
	}
	if !k.patterned {
		return []string{plain}
	}
	return append([]string{plain}, slices.Sorted(maps.Keys(tiles))...)
}

// Views returns the names of all views, sorted.
func Views() []string { return slices.Sorted(maps.Keys(views)) }

//go:embed *.go
var sources embed.FS

// Version names the drawing code: ten hex digits that change whenever any
// drawing may have changed, because they are a hash of this package's source.
var Version = sync.OnceValue(func() string {
	h := sha256.New()
	names, err := fs.Glob(sources, "*.go")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := sources.ReadFile(name)
		if err != nil {
			panic(err)
		}
		h.Write(source)
	}
	return hex.EncodeToString(h.Sum(nil))[:10]
})
