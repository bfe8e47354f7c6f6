package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// maxFile bounds a configuration file, in bytes.
const maxFile = 1 << 20

// Load reads a configuration file. Relative paths in it are relative to its folder. The
// error is that of the file system, or Errors with all mistakes.
func Load(path string) (*Config, error) {
	text, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, text)
}

// Read is Load without [Config.Check], for a file whose settings are changed before they
// have to fit together. The error is Errors with the mistakes of the form.
func Read(path string) (*Config, error) {
	text, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return parse(path, text)
}

// readFile reads a file of at most maxFile bytes.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		err = &fs.PathError{Op: "read", Path: path, Err: errors.New("it is a folder")}
	}
	if err == nil && info.Size() > maxFile {
		err = &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("it has more than %d bytes", maxFile)}
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path) //nolint:gosec // the operator's own file
}

// Parse reads the text of the configuration file at a path. The file need not exist. The
// error is Errors with all mistakes.
func Parse(path string, text []byte) (*Config, error) {
	c, err := parse(path, text)
	if err == nil {
		err = c.Check()
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// parse is Parse without Config.Check.
func parse(path string, text []byte) (*Config, error) {
	c := New()
	c.file, c.positions = path, make(map[string]position)
	r := &reader{config: c}
	if root := r.document(text); root != nil {
		r.mapping(root, reflect.ValueOf(c).Elem(), "")
	}
	if len(r.errors) > 0 {
		return nil, r.errors
	}
	return c, nil
}

// reader reads YAML into a Config, and goes on after a mistake.
type reader struct {
	config *Config
	errors Errors
}

// fail adds a mistake at a place.
func (r *reader) fail(n *yaml.Node, key, format string, args ...any) {
	r.errors = append(r.errors, &Error{File: r.config.file, Line: n.Line, Column: n.Column, Key: key, Message: fmt.Sprintf(format, args...)})
}

// document returns the mapping of a file, or nil for an empty file or a mistake.
func (r *reader) document(text []byte) *yaml.Node {
	var documents []yaml.Node
	for loader, err := yaml.NewLoader(bytes.NewReader(text)); ; {
		var document yaml.Node
		if err == nil {
			err = loader.Load(&document)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.errors = append(r.errors, r.syntaxError(err))
			return nil
		}
		documents = append(documents, document)
	}
	if len(documents) == 0 || len(documents[0].Content) == 0 || isNull(documents[0].Content[0]) {
		return nil
	}
	if len(documents) > 1 {
		r.fail(&documents[1], "", "a configuration is one document, and here begins a second")
		return nil
	}
	root := &documents[0]
	top := resolve(root.Content[0])
	if top.Kind != yaml.MappingNode {
		r.fail(top, "", "a configuration is keys with values, as in \"listen: :8080\", and not %s", describe(top))
		return nil
	}
	return top
}

// syntaxError returns the mistake of a text that is no YAML.
func (r *reader) syntaxError(err error) *Error {
	e := &Error{File: r.config.file, Line: 1, Column: 1, Message: err.Error()}
	var all *yaml.LoadErrors
	if errors.As(err, &all) && len(all.Errors) > 0 {
		err = all.Errors[0]
	}
	var load *yaml.LoadError
	if errors.As(err, &load) {
		e.Line, e.Column, e.Message = max(load.Mark.Line, 1), load.Mark.Column, load.Message
		e.Column = max(e.Column, 1)
	}
	switch {
	case load != nil && strings.Contains(load.ContextMsg, "flow"):
		e.Message += "; a value with { or } inside [ ] or { } has to stand in quotes"
	case strings.Contains(e.Message, "cannot start any token"):
		e.Message += "; lines are indented by spaces, and not by tabs"
	}
	return e
}

// mapping reads a mapping into a struct.
func (r *reader) mapping(n *yaml.Node, v reflect.Value, prefix string) {
	fields := fieldsOf(v.Type())
	for name, value := range r.entries(n, prefix) {
		i, ok := fields[name.Value]
		if !ok {
			r.fail(name, prefix+name.Value, "unknown key %q%s", name.Value, suggestion(name.Value, keysOf(fields)))
			continue
		}
		r.value(value, v.Field(i), prefix+name.Value)
	}
}

// fieldsOf returns the fields of a struct by their keys.
func fieldsOf(t reflect.Type) map[string]int {
	fields := make(map[string]int)
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("key"); key != "" {
			fields[key] = i
		}
	}
	return fields
}

func keysOf(fields map[string]int) []string {
	var keys []string
	for key := range fields {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// entries yields the keys and values of a mapping, and reports the keys that are no text or
// that stand there twice. Positions of the values are kept by their paths.
func (r *reader) entries(n *yaml.Node, prefix string) func(yield func(key, value *yaml.Node) bool) {
	return func(yield func(key, value *yaml.Node) bool) {
		lines := make(map[string]int)
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := resolve(n.Content[i]), n.Content[i+1]
			if key.Kind != yaml.ScalarNode {
				r.fail(key, prefix, "a key is a word, and not %s", describe(key))
				continue
			}
			if line, ok := lines[key.Value]; ok {
				r.fail(key, prefix+key.Value, "%q stands here a second time; the first is in line %d", key.Value, line)
				continue
			}
			lines[key.Value] = key.Line
			r.config.positions[prefix+key.Value] = positionOf(key, value)
			if !yield(key, value) {
				return
			}
		}
	}
}

// positionOf returns the position of a value, or that of its key for a value of several
// lines.
func positionOf(key, value *yaml.Node) position {
	if value.Kind == yaml.ScalarNode {
		return position{value.Line, value.Column}
	}
	return position{key.Line, key.Column}
}

// value reads a value into a field.
func (r *reader) value(n *yaml.Node, v reflect.Value, key string) {
	n = resolve(n)
	if isNull(n) {
		r.fail(n, key, "%s has no value; leave the key out for the default", key)
		return
	}
	switch target := v.Addr().Interface().(type) {
	case *map[string]Fragment:
		r.fragments(n, target, key)
	case *Pages:
		r.pages(n, target, key)
	case *map[string][]string:
		r.slots(n, target, key)
	case *[]string:
		r.list(n, target, key)
	case *Command:
		r.command(n, target, key)
	default:
		if v.Kind() == reflect.Struct {
			if r.isMapping(n, key) {
				r.mapping(n, v, key+".")
			}
			return
		}
		r.scalar(n, v, key)
	}
}

// isMapping reports a value that is no mapping.
func (r *reader) isMapping(n *yaml.Node, key string) bool {
	if n.Kind != yaml.MappingNode {
		r.fail(n, key, "%s is keys with values, and not %s", key, describe(n))
	}
	return n.Kind == yaml.MappingNode
}

// scalar reads a single value.
func (r *reader) scalar(n *yaml.Node, v reflect.Value, key string) {
	kind := kindOf(v.Type())
	wanted := map[Kind]string{Text: "a text", Number: "a number, as in 64", Switch: "true or false", Duration: "a time, as in 300ms, 10s or 1m"}[kind]
	wrong := n.Kind != yaml.ScalarNode ||
		kind == Number && n.ShortTag() != "!!int" ||
		kind == Switch && n.ShortTag() != "!!bool" ||
		kind == Text && n.ShortTag() == "!!bool"
	if !wrong {
		wrong = setScalar(v, n.Value) != nil
	}
	if wrong {
		r.fail(n, key, "%s is %s, and not %s", key, wanted, describe(n))
	}
}

// list reads a list of texts.
func (r *reader) list(n *yaml.Node, list *[]string, key string) {
	if n.Kind != yaml.SequenceNode {
		r.fail(n, key, "%s is a list, as in [%s], and not %s", key, strings.TrimSpace(firstOf(n, "a, b")), describe(n))
		return
	}
	*list = []string{}
	for i, item := range n.Content {
		item = resolve(item)
		if item.Kind != yaml.ScalarNode || isNull(item) || item.ShortTag() == "!!bool" {
			r.fail(item, key, "%s has texts, and not %s; a text with { or } stands in quotes", key, describe(item))
			continue
		}
		r.config.positions[fmt.Sprintf("%s[%d]", key, i)] = position{item.Line, item.Column}
		*list = append(*list, item.Value)
	}
}

// fragments reads the fragments of a site: an URL, or a mapping.
func (r *reader) fragments(n *yaml.Node, all *map[string]Fragment, key string) {
	if !r.isMapping(n, key) {
		return
	}
	*all = make(map[string]Fragment)
	for name, value := range r.entries(n, key+".") {
		value = resolve(value)
		var f Fragment
		at := key + "." + name.Value
		switch {
		case isNull(value): // of the program itself
		case value.Kind == yaml.ScalarNode:
			f.URL = value.Value
			r.config.positions[at+".url"] = position{value.Line, value.Column}
		case value.Kind == yaml.MappingNode:
			r.mapping(value, reflect.ValueOf(&f).Elem(), at+".")
		default:
			r.fail(value, at, "%s is an URL, or keys with values, and not %s", at, describe(value))
		}
		(*all)[name.Value] = f
	}
}

// pages reads the pages of a site.
func (r *reader) pages(n *yaml.Node, all *Pages, key string) {
	if !r.isMapping(n, key) {
		return
	}
	*all = nil
	for pattern, template := range r.entries(n, key+".") {
		template = resolve(template)
		if template.Kind != yaml.ScalarNode || isNull(template) {
			r.fail(template, key+"."+pattern.Value, "the page %s has a template, as in shell/home or pages/about.html, and not %s", pattern.Value, describe(template))
			continue
		}
		*all = append(*all, Page{Pattern: pattern.Value, Template: template.Value})
	}
}

// slots reads the slots of a site: a fragment, or a list of fragments.
func (r *reader) slots(n *yaml.Node, all *map[string][]string, key string) {
	if !r.isMapping(n, key) {
		return
	}
	*all = make(map[string][]string)
	for name, value := range r.entries(n, key+".") {
		var list []string
		if value = resolve(value); value.Kind == yaml.ScalarNode && !isNull(value) {
			list = []string{value.Value}
		} else {
			r.list(value, &list, key+"."+name.Value)
		}
		(*all)[name.Value] = list
	}
}

// resolve returns the node that an alias stands for.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// describe returns what a node is, for people.
func describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "keys with values"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case isNull(n):
		return "nothing"
	}
	return fmt.Sprintf("%q", n.Value)
}

// firstOf returns the text of a scalar, or an example.
func firstOf(n *yaml.Node, example string) string {
	if n.Kind == yaml.ScalarNode {
		return n.Value
	}
	return example
}

// Path returns the path of a file that the configuration names, which is relative to the
// folder of the configuration.
func (c *Config) Path(name string) string {
	if filepath.IsAbs(name) || c.file == "" {
		return name
	}
	return filepath.Join(filepath.Dir(c.file), name)
}
