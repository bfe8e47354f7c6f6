package config

import (
	"fmt"
	"reflect"
	"strings"
)

// Default returns a configuration file with every key, its default and its meaning. Keys
// are commented out, except for the examples of fragments and pages.
func Default() []byte {
	var b strings.Builder
	b.WriteString("# The configuration of a Selvedge site. A key that begins with # has its default.\n" +
		"# Each of the keys outside of fragments is a flag and an environment variable too:\n" +
		"# flags have precedence over the environment, and the environment over this file.\n")
	writeDefaults(&b, reflect.TypeFor[Config](), "", "")
	return []byte(b.String())
}

// writeDefaults writes the keys of a struct, behind an indentation.
func writeDefaults(b *strings.Builder, t reflect.Type, prefix, indent string) {
	for i := range t.NumField() {
		field := t.Field(i)
		key := field.Tag.Get("key")
		if key == "" {
			continue
		}
		writeComment(b, indent, field.Tag.Get("doc"))
		if example, ok := examples[prefix+key]; ok {
			b.WriteString(example)
			continue
		}
		if field.Type.Kind() == reflect.Struct {
			fmt.Fprintf(b, "#%s%s:\n", indent, key)
			writeDefaults(b, field.Type, prefix+key+".", indent+"  ")
			continue
		}
		fmt.Fprintf(b, "#%s%s: %s\n", indent, key, defaultText(field))
	}
}

// writeComment writes a meaning as lines of at most 90 characters.
func writeComment(b *strings.Builder, indent, doc string) {
	if indent == "" {
		b.WriteString("\n")
	}
	line := "#" + indent
	for word := range strings.FieldsSeq(doc + ".") {
		if len(line)+1+len(word) > 90 {
			b.WriteString(line + "\n")
			line = "#" + indent
		}
		line += " " + word
	}
	b.WriteString(line + "\n")
}

// defaultText returns the default of a field as YAML.
func defaultText(field reflect.StructField) string {
	text := field.Tag.Get("default")
	switch {
	case text != "" && strings.ContainsAny(text, ":'*#,"):
		return `"` + text + `"`
	case text != "":
		return text
	case field.Type == reflect.TypeFor[[]string]():
		return "[]"
	case kindOf(field.Type) == Switch:
		return "false"
	case kindOf(field.Type) == Duration:
		return "1s"
	}
	return `""`
}

// examples are the maps in the file with comments.
var examples = map[string]string{
	"fragments": `fragments:
  shell: http://127.0.0.1:7001
  comments:
    url: http://127.0.0.1:7002
    # timeout: 300ms                # time that a page waits for the fragment
    # cookies: [session]            # cookies that its requests carry
    # headers: [X-Currency]         # header fields that it receives
    # set-cookies: [session]        # cookies that its responses may set
    # api: ["/api/comments/*"]      # paths of the site that are the fragment's, for REST
    # policy: {img-src: [https://cdn.example]} # hosts that its manifest may add to the policy
    # command: [python3, app.py]    # what selvedge dev starts, or a text for the shell
    # dir: comments                 # its working directory; it starts again when files change
    # watch: ["*.py", "*.html"]     # which files; by default all that people write
`,
	"pages": `pages:
  /: shell/home
  /blog/{slug}: shell/post?slug={slug}
  # /about: pages/about.html        # a file beside this one; it is read again when it changes
  # /docs/{path...}: shell/doc?path={path}
`,
	"slots": `#slots:
#  post-extras:
#    - comments/thread?slug={slug}
`,
}
