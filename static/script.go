package static

import "bytes"

// compact drops indentation, blank lines, and lines that hold nothing but a
// comment with //, so that a script can be explained at length and is sent
// short. That changes what a script means only inside of template literals and
// of comments of the other kind: scripts of this package have neither.
func compact(script []byte) []byte {
	kept := make([]byte, 0, len(script))
	for line := range bytes.Lines(script) {
		if text := bytes.TrimSpace(line); len(text) > 0 && !bytes.HasPrefix(text, []byte("//")) {
			kept = append(append(kept, text...), '\n')
		}
	}
	return kept
}
