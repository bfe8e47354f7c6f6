package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
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

// Set sets a setting by its key, as a flag does:
//
//   - a value, or the values of a list, take the place of those of the file;
//   - an entry of a map, NAME=VALUE, takes the place of the value of that name. The settings
//     of a fragment stay, beside the new URL.
//
// Lists and maps have any number of values, and all further kinds have one. The error
// describes a value of the wrong kind.
func (c *Config) Set(key string, values []string) error {
	for _, s := range allSettings {
		if s.Key != key {
			continue
		}
		v := reflect.ValueOf(c).Elem().FieldByIndex(s.index)
		if s.Kind == Map {
			return c.setEntries(v, s, values)
		}
		c.forget(key)
		return setValue(v, s, values)
	}
	return fmt.Errorf("there is no setting %s", key)
}

// forget removes the positions of a key, because its value is no longer that of the file.
func (c *Config) forget(key string) {
	maps.DeleteFunc(c.positions, func(k string, _ position) bool {
		return k == key || strings.HasPrefix(k, key+"[") || strings.HasPrefix(k, key+".")
	})
}

func setValue(v reflect.Value, s Setting, values []string) error {
	if s.Kind == List {
		v.Set(reflect.ValueOf(append([]string{}, values...)))
		return nil
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

// setEntries sets entries of a map by values NAME=VALUE.
func (c *Config) setEntries(v reflect.Value, s Setting, values []string) error {
	isSet := make(map[string]bool) // by name
	for _, value := range values {
		name, rest, ok := strings.Cut(value, "=")
		if !ok || name == "" || rest == "" {
			return fmt.Errorf("%q is not %s", value, entryForms[s.Key])
		}
		if !isSet[name] {
			c.forget(s.Key + "." + name)
		}
		if err := setEntry(v.Addr().Interface(), name, rest, isSet[name]); err != nil {
			return err
		}
		isSet[name] = true
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

// setEntry sets an entry of a map of Config, which was set by an earlier value of the same
// flag if isSet.
func setEntry(m any, name, value string, isSet bool) error {
	switch m := m.(type) {
	case *map[string]Fragment:
		if isSet {
			return fmt.Errorf("fragment %s is named twice", name)
		}
		changed := maps.Clone(*m)
		if changed == nil {
			changed = make(map[string]Fragment)
		}
		f := changed[name]
		f.URL = value
		changed[name], *m = f, changed
	case *Pages:
		*m = m.with(Page{Pattern: name, Template: value}, isSet)
	case *map[string][]string:
		changed := maps.Clone(*m)
		if changed == nil {
			changed = make(map[string][]string)
		}
		if !isSet {
			changed[name] = nil
		}
		changed[name], *m = append(changed[name], value), changed
	}
	return nil
}

// with returns the pages with another page in the place of that with its pattern, or at the
// end. A page that isSet already is not replaced: [Config.Check] reports the second.
func (p Pages) with(page Page, isSet bool) Pages {
	all := slices.Clone(p)
	i := slices.IndexFunc(all, func(other Page) bool { return other.Pattern == page.Pattern })
	if i < 0 || isSet {
		return append(all, page)
	}
	all[i] = page
	return all
}
