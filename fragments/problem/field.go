package problem

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// fieldsOf returns the tagged fields of the struct at dst.
func fieldsOf(dst any) map[string]reflect.Value {
	target := reflect.ValueOf(dst).Elem()
	fields := make(map[string]reflect.Value)
	for _, field := range reflect.VisibleFields(target.Type()) {
		if name := field.Tag.Get("json"); name != "" {
			fields[name] = target.FieldByIndex(field.Index)
		}
	}
	return fields
}

// setField parses a form value into a field.
func setField(field reflect.Value, text string) error {
	kind := field.Type()
	if kind.Kind() == reflect.Pointer {
		if text == "" && kind.Elem().Kind() != reflect.String {
			return nil
		}
		value := reflect.New(kind.Elem())
		if err := setField(value.Elem(), text); err != nil {
			return err
		}
		field.Set(value)
		return nil
	}
	if kind.Kind() == reflect.String {
		field.SetString(text)
		return nil
	}
	if text == "" {
		return nil
	}
	switch kind.Kind() {
	case reflect.Int, reflect.Int64:
		n, err := parseWhole(text)
		if err != nil {
			return err
		}
		if field.OverflowInt(n) {
			return strconv.ErrRange
		}
		field.SetInt(n)
		return nil
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return err
		}
		field.SetBool(b)
		return nil
	}
	return fmt.Errorf("a form cannot fill a field of type %v", kind)
}

// wholeAsFloat matches a valid floating-point number (HTML §2.3.4.3), because browsers
// send <input type=number> in this form too.
var wholeAsFloat = regexp.MustCompile(`^-?(\d+(\.\d+)?|\.\d+)([eE][-+]?\d+)?$`)

// parseWhole parses a whole number, also in the form 2.0 or 1e1.
func parseWhole(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err == nil || !wholeAsFloat.MatchString(text) {
		return n, err
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, strconv.ErrRange
	}
	return int64(f), nil
}

// formField returns the field for a name in a form. For a member of a map, such as
// "quantities.3", key is the name of the member; otherwise key is empty.
func formField(fields map[string]reflect.Value, name string) (field reflect.Value, key string, ok bool) {
	if field, ok = fields[name]; ok {
		return field, "", true
	}
	of, key, _ := strings.Cut(name, ".")
	field, ok = fields[of]
	return field, key, ok && key != "" && field.Kind() == reflect.Map
}

// setFormField parses the values of a form into a field, or into a member of a map.
func setFormField(field reflect.Value, key string, values []string) error {
	switch {
	case key != "":
		return setMember(field, key, values[0])
	case isTexts(field.Type()):
		field.Set(reflect.ValueOf(values))
		return nil
	}
	return setField(field, values[0])
}

// isTexts reports whether a type is a []string.
func isTexts(kind reflect.Type) bool {
	return kind.Kind() == reflect.Slice && kind.Elem() == reflect.TypeFor[string]()
}

// setMember parses a form value into a member of a map.
func setMember(field reflect.Value, key, text string) error {
	value := reflect.New(field.Type().Elem()).Elem()
	if err := setField(value, text); err != nil || text == "" {
		return err
	}
	if field.IsNil() {
		field.Set(reflect.MakeMap(field.Type()))
	}
	field.SetMapIndex(reflect.ValueOf(key), value)
	return nil
}

// describe returns a sentence about the values of a field.
func describe(name string, kind reflect.Type) string {
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	if isTexts(kind) {
		return fmt.Sprintf("The field %q must be a list of texts.", name)
	}
	switch kind.Kind() {
	case reflect.Int, reflect.Int64:
		return fmt.Sprintf("The field %q must be a whole number, and not a very large one.", name)
	case reflect.Map:
		if strings.Contains(name, ".") {
			return describe(name, kind.Elem())
		}
		return fmt.Sprintf("The field %q must be an object of whole numbers.", name)
	case reflect.Bool:
		return fmt.Sprintf("The field %q must be true or false.", name)
	case reflect.String:
		return fmt.Sprintf("The field %q must be a text.", name)
	}
	return fmt.Sprintf("The field %q has a value that it cannot take.", name)
}
