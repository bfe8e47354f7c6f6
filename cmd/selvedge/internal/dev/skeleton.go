package dev

import (
	"crypto/sha256"
	"os"
	"regexp"
)

// codeEnding is the ending of the files with the Go code of templates.
const codeEnding = "_templ.go"

// skeletons are hashes of the Go code of templates without its texts, by their files. Use
// them by one goroutine.
type skeletons map[string][sha256.Size]byte

// newSkeletons returns the skeletons of a module.
func newSkeletons(module string) skeletons {
	k := make(skeletons)
	for _, file := range filesWith(module, codeEnding) {
		k.update(file)
	}
	return k
}

// textInCode matches what changes with the texts of a template alone: the texts, and the lines
// and columns in its errors.
var textInCode = regexp.MustCompile(`(WriteString\(\w+, \d+, )"(?:[^"\\\n]|\\.)*"|(Line: )\d+, Col: \d+`)

// update notes the skeleton of a file, and reports whether it is another than before.
func (k skeletons) update(file string) bool {
	text, err := os.ReadFile(file) //nolint:gosec // a file of the developer
	if err != nil {
		delete(k, file)
		return true
	}
	sum := sha256.Sum256(textInCode.ReplaceAll(text, []byte("$1$2")))
	before, known := k[file]
	k[file] = sum
	return !known || before != sum
}
