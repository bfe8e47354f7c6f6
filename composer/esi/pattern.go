package esi

import (
	"fmt"
	"regexp"
	"strings"
)

// Bounds of what a pattern of matches can cost. An expression with more is
// none.
const (
	maxPattern  = 256 // bytes of one
	maxPatterns = 32  // in one page, or in one expression that stands alone
)

// pattern reads the regular expression (RE2) of an operator, which must be a
// string.
func (p *parser) pattern(operator string) *regexp.Regexp {
	p.space()
	start := p.at
	if start == len(p.text) || !isQuote(p.text[start]) {
		p.fail("a pattern is a string in quotes")
		return nil
	}
	text := p.quoted()
	switch operator {
	case "matches_i":
		text = "(?i)" + text
	case "=~":
		text = unslashed(text)
	}
	*p.patterns++
	if len(text) > maxPattern || *p.patterns > maxPatterns {
		p.at = start
		p.fail(fmt.Sprintf("a pattern has at most %d bytes, and a page at most %d patterns", maxPattern, maxPatterns))
		return nil
	}
	pattern, err := regexp.Compile(text)
	if err != nil {
		p.at = start
		p.fail(err.Error())
	}
	return pattern
}

// unslashed returns a pattern that may be written /pattern/i.
func unslashed(text string) string {
	inner, ok := strings.CutPrefix(text, "/")
	if !ok {
		return text
	}
	if inner, ok := strings.CutSuffix(inner, "/i"); ok {
		return "(?i)" + inner
	}
	if inner, ok := strings.CutSuffix(inner, "/"); ok {
		return inner
	}
	return text
}
