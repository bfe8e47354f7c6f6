package esi

import (
	"fmt"
	"regexp"
	"strings"
)

// Limits for the cost of patterns. An expression beyond a limit is invalid.
const (
	maxPattern  = 256 // bytes of a pattern
	maxPatterns = 32  // patterns of a page, or of a separate expression
)

// pattern parses the regular expression (RE2) of an operator. The expression must be a
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

// unslashed converts a pattern from the form /pattern/ or /pattern/i.
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
