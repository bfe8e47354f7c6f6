package esi

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"time"
)

// attributesOf lists the attributes of each element with attributes.
var attributesOf = map[string][]string{
	"include": {"src", "alt", "onerror", "maxwait", "ttl", "no-store", "redirect", "public", "primary", "required"},
	"inline":  {"name", "fetchable"},
	"when":    {"test"},
	"vars":    {"name"},
	"comment": {"text"},
}

// checkAttributes warns of unknown attributes of a known element. Namespace declarations
// (xmlns) are ignored.
func (c *Compiler) checkAttributes(t *tag) {
	if !slices.Contains(names, t.name) {
		return
	}
	for _, a := range t.attributes {
		is := func(name string) bool { return name == string(a.name) }
		if !slices.ContainsFunc(attributesOf[t.name], is) && !bytes.HasPrefix(a.name, []byte("xmlns")) {
			c.warn(a.named, similar("", string(a.name), attributesOf[t.name]), string(a.name), " is no attribute of ", t.name)
		}
	}
}

// include compiles the attributes of an include. It returns nil for an include without an
// address, because no request could fail then.
func (c *Compiler) include(t *tag) *Include {
	in := &Include{
		Src:      c.address(t.attribute("src")),
		Alt:      c.address(t.attribute("alt")),
		Offset:   t.offset,
		Public:   t.marked("public"),
		Primary:  t.marked("primary"),
		Required: t.marked("required"),
	}
	if in.Src.Empty() {
		c.warn(t.offset, "add the address of a fragment as src", "include has no src")
	}
	if t.attribute("src").value == nil {
		if in.Alt.Empty() {
			return nil
		}
		in.Src, in.Alt = in.Alt, Value{}
	}
	in.ContinueOnError = c.only(t, "onerror", "continue")
	in.FollowRedirects = c.only(t, "redirect", "follow")
	if v := t.attribute("maxwait").value; v != nil {
		ms, err := strconv.ParseUint(string(v), 10, 31)
		if err != nil || ms == 0 {
			c.warn(t.offset, `write maxwait="300" for 300 ms`, "maxwait of an include is a number of milliseconds above 0")
		} else {
			in.MaxWait = time.Duration(ms) * time.Millisecond
		}
	}
	if v := t.attribute("ttl").value; v != nil {
		ttl, ok := parseTTL(string(v))
		if !ok {
			c.warn(t.offset, `write ttl="5m" for 5 minutes`, "ttl of an include is a number and s, m, h or d, such as 5m")
		}
		in.TTL, in.NoStore = ttl, ok && ttl == 0
	}
	switch v := t.attribute("no-store").value; string(v) {
	case "on", "true", "yes", "no-store":
		in.NoStore = true
	case "off", "false", "no":
	default:
		if v != nil {
			c.warn(t.offset, `write no-store="on"`, `no-store of an include can only be "on" or "off"`)
		}
	}
	return in
}

// address parses the address in an attribute and checks its variables.
func (c *Compiler) address(a attribute) Value {
	v := parseValue(a.value)
	if c.Variables == nil || len(v.segments) == 0 {
		return v
	}
	value, at := decode(a.value), 0
	for _, s := range v.segments {
		if s.Variable == nil {
			continue
		}
		_, from, to := findVariable(value.text[at:], false)
		c.checkVariable(s.Variable.Name, a.offset+value.offset(at+from))
		at += to
	}
	return v
}

// marked reports whether the attribute is present with a value except no, false and off.
// An attribute without a value, as in HTML, is marked.
func (t *tag) marked(name string) bool {
	switch a := t.attribute(name); string(a.value) {
	case "no", "false", "off":
		return false
	default:
		return a.value != nil
	}
}

// only reports whether the attribute has its single allowed value.
func (c *Compiler) only(t *tag, name, value string) bool {
	v := t.attribute(name).value
	if v != nil && string(v) != value {
		c.warn(t.offset, "write "+name+"="+strconv.Quote(value), name, " of an include can only be ", strconv.Quote(value))
	}
	return string(v) == value
}

// parseTTL parses a duration such as 30s, 5m, 2h or 1d. A number without a unit is in
// seconds.
func parseTTL(s string) (time.Duration, bool) {
	unit := time.Second
	if s != "" {
		units := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}
		if u, ok := units[s[len(s)-1]]; ok {
			unit = u
			s = s[:len(s)-1]
		}
	}
	n, err := strconv.ParseUint(s, 10, 16)
	return time.Duration(n) * unit, err == nil
}

// test compiles the test of a when. An invalid test is never true.
func (c *Compiler) test(t *tag) *Expression {
	a := t.attribute("test")
	if a.value == nil {
		c.warn(t.offset, "add a test, or make it an otherwise", "when has no test, so it is never taken")
		return nil
	}
	value := decode(a.value)
	e, used, err := parseExpression(value.text, &c.patterns)
	for _, v := range used {
		c.checkVariable(v.name, a.offset+value.offset(v.offset))
	}
	var wrong *ExpressionError
	if errors.As(err, &wrong) {
		c.warn(a.offset+value.offset(wrong.Offset), "correct the test", wrong.Reason, ", so this when is never taken")
	}
	return e
}
