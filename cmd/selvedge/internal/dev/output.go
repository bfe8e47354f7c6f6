package dev

import (
	"bufio"
	"fmt"
	"io"
	"sync"
)

// output writes the lines of several programs, each behind its name. It is safe for
// concurrent use.
type output struct {
	color bool

	mu    sync.Mutex
	w     io.Writer
	width int            // of the widest name so far
	order map[string]int // of the names, for their colors
}

// colors are escape sequences of terminals (ECMA-48 §8.3.117) for names.
var colors = []string{"\x1b[36m", "\x1b[33m", "\x1b[32m", "\x1b[35m", "\x1b[34m"}

// add makes room for a name.
func (o *output) add(name string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, ok := o.order[name]; !ok {
		o.order[name] = len(o.order)
		o.width = max(o.width, len(name))
	}
}

// line writes a line behind a name.
func (o *output) line(name, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	prefix := fmt.Sprintf("%-*s | ", o.width, name)
	if o.color {
		prefix = colors[o.order[name]%len(colors)] + prefix + "\x1b[0m"
	}
	_, _ = fmt.Fprintf(o.w, "%s%s\n", prefix, text)
}

// maxLine is the length in bytes from which a line is written in parts.
const maxLine = 64 << 10

// show writes the lines of a program until it has no more output.
func (o *output) show(name string, from io.Reader) {
	lines := bufio.NewReaderSize(from, maxLine)
	for {
		line, _, err := lines.ReadLine()
		if err != nil {
			return
		}
		o.line(name, string(line))
	}
}
