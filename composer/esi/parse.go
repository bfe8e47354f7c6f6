package esi

import "bytes"

// ParseExpression compiles a test. Its error is an *ExpressionError.
func ParseExpression(text string) (*Expression, error) {
	patterns := 0
	e, _, err := parseExpression([]byte(text), &patterns)
	return e, err
}

// parseExpression is ParseExpression that also returns the variables of the text, up to
// an error.
func parseExpression(text []byte, patterns *int) (*Expression, []usedVariable, error) {
	p := parser{text: text, patterns: patterns}
	root := p.or()
	if p.space(); p.err == nil && p.at < len(p.text) {
		p.fail("an operator is missing")
	}
	if p.err != nil {
		return nil, p.used, p.err
	}
	return &Expression{root}, p.used, nil
}

// usedVariable is a variable at an offset of an expression.
type usedVariable struct {
	name   string
	offset int
}

// parser parses an expression by recursive descent, from the loosest binding to the
// tightest: or, and, not, comparisons, operands (ESI 1.0 §5.1). After the first error its
// nodes are invalid.
type parser struct {
	text     []byte
	at       int
	depth    int
	patterns *int // number of compiled patterns
	used     []usedVariable
	err      error
}

func (p *parser) fail(reason string) node {
	if p.err == nil {
		p.err = &ExpressionError{p.at, reason}
	}
	return nil
}

func (p *parser) space() { p.at = skip(p.text, p.at, isSpace) }

// take skips the first token in the list that comes next, and returns the token.
func (p *parser) take(tokens ...string) string {
	p.space()
	for _, token := range tokens {
		if bytes.HasPrefix(p.text[p.at:], []byte(token)) {
			p.at += len(token)
			return token
		}
	}
	return ""
}

func (p *parser) or() node {
	nodes := some{p.and()}
	for p.err == nil && p.take("||", "|") != "" {
		nodes = append(nodes, p.and())
	}
	if len(nodes) == 1 {
		return nodes[0]
	}
	return nodes
}

func (p *parser) and() node {
	nodes := all{p.not()}
	for p.err == nil && p.take("&&", "&") != "" {
		nodes = append(nodes, p.not())
	}
	if len(nodes) == 1 {
		return nodes[0]
	}
	return nodes
}

// not parses a comparison with optional negations: !1==2 is !(1==2).
func (p *parser) not() node {
	negated, times := false, 0
	for p.take("!") != "" {
		negated = !negated
		times++
	}
	n := p.comparison()
	switch {
	case negated:
		return not{n}
	case times > 0:
		return not{not{n}}
	}
	return n
}

func (p *parser) comparison() node {
	n := comparison{first: p.operand()}
	for p.err == nil {
		operator := p.operator()
		if operator == "" {
			break
		}
		c := compared{operator: operator}
		switch operator {
		case "matches", "matches_i", "=~":
			c.pattern = p.pattern(operator)
		default:
			c.node = p.operand()
		}
		n.rest = append(n.rest, c)
	}
	if len(n.rest) == 0 {
		return n.first
	}
	return n
}

func (p *parser) operator() string {
	if sign := p.take("==", "!=", "<=", ">=", "=~", "<", ">"); sign != "" {
		return sign
	}
	end := skip(p.text, p.at, isNameByte)
	switch word := string(p.text[p.at:end]); word {
	case "matches", "matches_i", "has", "has_i":
		p.at = end
		return word
	}
	return ""
}

func (p *parser) operand() node {
	p.space()
	if p.at == len(p.text) {
		return p.fail("an operand is missing")
	}
	rest := p.text[p.at:]
	switch rest[0] {
	case '(':
		return p.group()
	case '$':
		return p.variable()
	case '\'', '"':
		return literal{text: p.quoted(), quoted: true}
	}
	n := skip(rest, 0, isWordByte)
	v := value{text: string(rest[:n])}
	if _, ok := v.number(); !ok && v.text != "true" && v.text != "false" {
		return p.fail("an operand is a number, a string in quotes, a variable, true or false")
	}
	p.at += n
	return literal(v)
}

func (p *parser) group() node {
	if p.depth == maxNesting {
		return p.fail("parentheses are nested too deeply")
	}
	p.at++
	p.depth++
	n := p.or()
	p.depth--
	if p.err == nil && p.take(")") == "" {
		return p.fail("a parenthesis is not closed")
	}
	return n
}

func (p *parser) variable() node {
	if !bytes.HasPrefix(p.text[p.at:], []byte("$(")) {
		return p.fail("a variable is written $(NAME)")
	}
	v, n, _ := scanVariable(p.text[p.at:])
	if n == 0 {
		return p.fail("a variable is written $(NAME{key}|'default')")
	}
	p.used = append(p.used, usedVariable{v.Name, p.at})
	p.at += n
	return variable(v)
}

// quoted parses a string in quotes or in triple quotes. Outside of triple quotes, a
// backslash before the quote makes the quote a part of the string.
func (p *parser) quoted() string {
	rest := p.text[p.at:]
	if quotes := bytes.Repeat(rest[:1], 3); bytes.HasPrefix(rest, quotes) {
		if n := bytes.Index(rest[3:], quotes); n >= 0 {
			p.at += n + 6
			return string(rest[3 : 3+n])
		}
	}
	var s []byte
	for i := 1; i < len(rest); i++ {
		switch {
		case rest[i] == rest[0]:
			p.at += i + 1
			return string(s)
		case rest[i] == '\\' && i+1 < len(rest) && rest[i+1] == rest[0]:
			i++
		}
		s = append(s, rest[i])
	}
	p.fail("a string is not closed")
	return ""
}

func isWordByte(c byte) bool { return isNameByte(c) || c == '.' || c == '+' }
