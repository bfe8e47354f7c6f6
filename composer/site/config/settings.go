package config

import (
	"fmt"
	"maps"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Kind is the type of a setting's values.
type Kind int

// The kinds of settings. A map has a value NAME=VALUE for each entry, and only the value
// that a flag can have: the settings of an entry stand in the file alone.
const (
	Text Kind = iota
	Number
	Switch
	Duration
	List
	Map
)

// A Setting is one value of a Config, for flags and environment variables.
type Setting struct {
	Key     string // the path of the key in the file, as in tls.cert
	Flag    string // the name of the flag, as in tls-cert
	Kind    Kind
	Default string // as written in the file; empty: none
	Doc     string // the meaning, without a final period
	Secret  bool   // the value must not be shown
	Restart bool   // the value cannot change while the site is served

	index []int // of the field
}

// allSettings are the settings of Config, in the order of its fields.
var allSettings = settingsOf(reflect.TypeFor[Config](), "", nil)

// Value returns the value of a setting.
func (c *Config) Value(s Setting) any {
	return reflect.ValueOf(c).Elem().FieldByIndex(s.index).Interface()
}

// Settings returns the settings of a Config, in the order of its fields.
func Settings() []Setting { return allSettings }

// settingsOf returns the settings in a struct, whose keys begin with prefix.
func settingsOf(t reflect.Type, prefix string, index []int) []Setting {
	var all []Setting
	for i := range t.NumField() {
		field := t.Field(i)
		key := prefix + field.Tag.Get("key")
		if field.Tag.Get("key") == "" {
			continue
		}
		at := append(append([]int(nil), index...), i)
		if field.Type.Kind() == reflect.Struct {
			all = append(all, settingsOf(field.Type, key+".", at)...)
			continue
		}
		s := Setting{
			Key: key, Flag: field.Tag.Get("flag"), Kind: kindOf(field.Type), Default: field.Tag.Get("default"), Doc: field.Tag.Get("doc"),
			Secret: field.Type == reflect.TypeFor[Secret](), Restart: field.Tag.Get("restart") != "", index: at,
		}
		if s.Flag == "" {
			s.Flag = strings.ReplaceAll(key, ".", "-")
		}
		all = append(all, s)
	}
	return all
}

func kindOf(t reflect.Type) Kind {
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return Duration
	case t.Kind() == reflect.Int:
		return Number
	case t.Kind() == reflect.Bool:
		return Switch
	case t.Kind() == reflect.String:
		return Text
	case t == reflect.TypeFor[[]string]():
		return List
	}
	return Map
}

// Set sets a setting by its key, as a flag does: the values take the place of those of the
// file. Lists and maps have any number of values, and all further kinds have one. The error
// describes a value of the wrong kind.
func (c *Config) Set(key string, values []string) error {
	for _, s := range allSettings {
		if s.Key == key {
			maps.DeleteFunc(c.positions, func(k string, _ position) bool {
				return k == key || strings.HasPrefix(k, key+"[") || strings.HasPrefix(k, key+".")
			})
			return setValue(reflect.ValueOf(c).Elem().FieldByIndex(s.index), s, values)
		}
	}
	return fmt.Errorf("there is no setting %s", key)
}

func setValue(v reflect.Value, s Setting, values []string) error {
	switch s.Kind {
	case List:
		v.Set(reflect.ValueOf(append([]string{}, values...)))
		return nil
	case Map:
		return setEntries(v, s, values)
	}
	if len(values) != 1 {
		return fmt.Errorf("%s has one value, and not %d", s.Key, len(values))
	}
	return setScalar(v, values[0])
}

// setScalar sets a value by its text.
func setScalar(v reflect.Value, text string) error {
	switch kindOf(v.Type()) {
	case Duration:
		d, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("%q is no time, as in 300ms, 10s or 1m", text)
		}
		v.SetInt(int64(d))
	case Number:
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%q is no number", text)
		}
		v.SetInt(int64(n))
	case Switch:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("%q is neither true nor false", text)
		}
		v.SetBool(b)
	default:
		v.SetString(text)
	}
	return nil
}

// setEntries sets a map by values NAME=VALUE.
func setEntries(v reflect.Value, s Setting, values []string) error {
	v.SetZero()
	for _, value := range values {
		name, rest, ok := strings.Cut(value, "=")
		if !ok || name == "" || rest == "" {
			return fmt.Errorf("%q is not %s", value, entryForms[s.Key])
		}
		if err := addEntry(v.Addr().Interface(), name, rest); err != nil {
			return err
		}
	}
	return nil
}

// entryForms are the forms of the entries of maps, for people.
var entryForms = map[string]string{
	"fragments": "NAME=URL, as in cart=http://127.0.0.1:8091",
	"pages":     "PATH=TEMPLATE, as in /blog/{slug}=shell/post?slug={slug}",
	"slots":     "NAME=FRAGMENT, as in post-extras=comments/thread",
}

// EntryForm returns the form of an entry of a map, for people.
func (s Setting) EntryForm() string { return entryForms[s.Key] }

// addEntry adds an entry to a map of Config.
func addEntry(m any, name, value string) error {
	switch m := m.(type) {
	case *map[string]Fragment:
		if *m == nil {
			*m = make(map[string]Fragment)
		}
		if _, ok := (*m)[name]; ok {
			return fmt.Errorf("fragment %s is named twice", name)
		}
		(*m)[name] = Fragment{URL: value}
	case *Pages:
		*m = append(*m, Page{Pattern: name, Template: value})
	case *map[string][]string:
		if *m == nil {
			*m = make(map[string][]string)
		}
		(*m)[name] = append((*m)[name], value)
	}
	return nil
}
