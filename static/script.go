package static

import (
	"bytes"
	"net/http"
	"regexp"

	"selvedge/fragments/assets"
)

// Script returns the URL of a script that is not of this package, and the handler that
// serves it there as Handler serves ours, with nothing left out. The name is that of its
// file, such as "htmx.min.js".
func Script(name string, body []byte) (url string, h http.Handler) {
	file := assets.NewFile(scriptType, body)
	return prefix + file.Name(name), file
}

const scriptType = "text/javascript; charset=utf-8"

// compact drops indentation, blank lines, and comments that begin with // at the
// start of a line or between two spaces, so that a script can be explained at
// length and is sent short. The meaning of a script stays unless it has
//   - a template literal,
//   - a comment of the other kind, or
//   - a string with // between two spaces.
//
// Scripts of this package have none of the three.
func compact(script []byte) []byte {
	kept := make([]byte, 0, len(script))
	for line := range bytes.Lines(script) {
		text, _, _ := bytes.Cut(bytes.TrimSpace(line), []byte(" // "))
		if len(text) > 0 && !bytes.HasPrefix(text, []byte("//")) {
			kept = append(append(kept, text...), '\n')
		}
	}
	return kept
}

// script returns a script as it is served: compact, in one piece with what it
// imports, and with the URLs of the scripts that it loads when it needs them.
func script(name string) []byte {
	return linkImports(inlineImports(name, map[string]bool{name: true}))
}

// staticImport matches how a script of this package uses what others export, and
// exportKeyword how those do that.
var (
	staticImport  = regexp.MustCompile(`(?m)^import \{[^}]*\} from "\./([\w-]+\.js)";\n`)
	exportKeyword = regexp.MustCompile(`(?m)^export `)
)

// inlineImports puts scripts in the place of the lines that import from them, each
// once, so that a page has one script to load. Their names share one scope.
func inlineImports(name string, inlined map[string]bool) []byte {
	body, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return staticImport.ReplaceAllFunc(compact(body), func(line []byte) []byte {
		imported := string(staticImport.FindSubmatch(line)[1])
		if inlined[imported] {
			return nil
		}
		inlined[imported] = true
		return exportKeyword.ReplaceAll(inlineImports(imported, inlined), nil)
	})
}

// dynamicImport matches how a script of this package loads another when it needs
// it.
var dynamicImport = regexp.MustCompile(`import\("\./([\w-]+\.js)"\)`)

// linkImports puts the names with hashes of the scripts that a script loads in the place of
// their names. They are relative to the script, because sites serve it under paths of
// their own.
func linkImports(body []byte) []byte {
	return dynamicImport.ReplaceAllFunc(body, func(match []byte) []byte {
		name := string(dynamicImport.FindSubmatch(match)[1])
		return []byte(`import("./` + assets.NewFile(scriptType, read(name)).Name(name) + `")`)
	})
}
