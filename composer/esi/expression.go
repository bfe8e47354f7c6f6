package esi

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Expression is a compiled test (ESI 1.0 §5). It is immutable and safe for concurrent
// use. A nil Expression is never true.
type Expression struct {
	root node
}

// True reports whether the expression is true with the values of variables returned by
// lookup. Such a value is never parsed as a part of the expression.
func (e *Expression) True(lookup func(Variable) string) bool {
	return e != nil && e.root.value(lookup).true()
}

// value is the result of a node.
type value struct {
	text   string
	quoted bool // a string even if the text looks like a number
}

// true reports whether a value is true. An empty value, 0 and false are not.
func (v value) true() bool {
	return v.text != "" && v.text != "false" && (v.text != "0" || v.quoted)
}

// number parses the value as a number: digits, with an optional sign and fraction.
func (v value) number() (float64, bool) {
	if v.quoted || len(v.text) > maxOperand || strings.Trim(v.text, "+-.0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(v.text, 64)
	return n, err == nil
}

func truth(b bool) value { return value{text: strconv.FormatBool(b)} }

// node is a part of an expression.
type node interface {
	value(lookup func(Variable) string) value
}

type (
	literal  value
	variable Variable
	not      struct{ node }
	all      []node // at least one node
	some     []node
)

// comparison compares from left to right.
type comparison struct {
	first node
	rest  []compared
}

type compared struct {
	operator string
	node     node
	pattern  *regexp.Regexp // of matches and matches_i, instead of a node
}

func (n literal) value(func(Variable) string) value { return value(n) }

func (n variable) value(lookup func(Variable) string) value {
	return value{text: Variable(n).Or(lookup(Variable(n)))}
}

func (n not) value(lookup func(Variable) string) value {
	return truth(!n.node.value(lookup).true())
}

func (n all) value(lookup func(Variable) string) value {
	for _, each := range n {
		if !each.value(lookup).true() {
			return truth(false)
		}
	}
	return truth(true)
}

func (n some) value(lookup func(Variable) string) value {
	for _, each := range n {
		if each.value(lookup).true() {
			return truth(true)
		}
	}
	return truth(false)
}

func (n comparison) value(lookup func(Variable) string) value {
	left := n.first.value(lookup)
	for _, c := range n.rest {
		left = truth(c.holds(left, lookup))
	}
	return left
}

// holds compares a value with the right side. A comparison with an empty operand is false
// with any operator (ESI 1.0 §5).
func (c compared) holds(left value, lookup func(Variable) string) bool {
	if left.text == "" {
		return false
	}
	if c.pattern != nil {
		return c.pattern.MatchString(left.text)
	}
	right := c.node.value(lookup)
	if right.text == "" {
		return false
	}
	switch c.operator {
	case "has":
		return strings.Contains(left.text, right.text)
	case "has_i":
		return strings.Contains(strings.ToLower(left.text), strings.ToLower(right.text))
	}
	return ordered(c.operator, compare(left, right))
}

// compare compares two numbers as numbers, and all other values as strings.
func compare(left, right value) int {
	l, ok := left.number()
	r, too := right.number()
	switch {
	case !ok || !too:
		return strings.Compare(left.text, right.text)
	case l < r:
		return -1
	case l > r:
		return 1
	}
	return 0
}

func ordered(operator string, order int) bool {
	switch operator {
	case "==":
		return order == 0
	case "!=":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

// ExpressionError describes the syntax error of an invalid expression.
type ExpressionError struct {
	Offset int // in bytes
	Reason string
}

func (e *ExpressionError) Error() string {
	return fmt.Sprintf("at byte %d of the expression: %s", e.Offset+1, e.Reason)
}
