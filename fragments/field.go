package fragments

import (
	"fmt"
	"reflect"
	"strconv"
)

// fieldsOf returns the tagged fields of the struct that dst points to.
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
		n, err := strconv.ParseInt(text, 10, kind.Bits())
		if err != nil {
			return err
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

// describe says what a field takes.
func describe(name string, kind reflect.Type) string {
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	switch kind.Kind() {
	case reflect.Int, reflect.Int64:
		return fmt.Sprintf("The field %q must be a whole number, and not a very large one.", name)
	case reflect.Bool:
		return fmt.Sprintf("The field %q must be true or false.", name)
	case reflect.String:
		return fmt.Sprintf("The field %q must be a text.", name)
	}
	return fmt.Sprintf("The field %q has a value that it cannot take.", name)
}
