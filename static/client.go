package static

import "selvedge/fragments/assets"

// Client returns selvedge.js, and the scripts that it loads when it needs them, in a folder
// whose URLs begin with prefix, for sites with paths of their own.
func Client(prefix string) *assets.Folder {
	f := assets.NewFolder(prefix)
	for todo := []string{"selvedge.js"}; len(todo) > 0; todo = todo[1:] {
		body := inlineImports(todo[0], map[string]bool{todo[0]: true})
		for _, match := range dynamicImport.FindAllSubmatch(body, -1) {
			todo = append(todo, string(match[1]))
		}
		if err := f.Add(todo[0], linkImports(body)); err != nil {
			panic(err) // a script has a known content type
		}
	}
	return f
}
