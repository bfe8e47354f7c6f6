package esi_test

import (
	"errors"
	"strings"
	"testing"

	"selvedge/composer/esi"
)

var long = strings.Repeat("x", 257)

// lookup has the variables of these tests: absent ones are empty.
func lookup(v esi.Variable) string {
	return map[string]string{
		"$(S)": "Advanced", "$(N)": "10", "$(Z)": "0", "$(F)": "false", "$(T)": "true",
		"$(D{k})": "key", "$(CODE)": "1==1 | $(S)", "$(QUOTE)": "' | '1'=='1",
	}[esi.Variable{Name: v.Name, Key: v.Key}.String()]
}

func TestExpression(t *testing.T) {
	tests := []struct {
		name, text string
		want       bool
	}{
		{"equal numbers", "1==1", true},
		{"unequal numbers", "1!=1", false},
		{"numbers compare as numbers", "9 < 10", true},
		{"fractions and signs", "-1.5 < 1.25", true},
		{"equal numbers, written otherwise", "1.0 == 1", true},
		{"equal strings", "'a'=='a'", true},
		{"strings in double quotes", `"a"=='a'`, true},
		{"strings compare by bytes", "'a' < 'b'", true},
		{"strings in quotes are no numbers", "'9' < '10'", false},
		{"one operand that is no number makes both strings", "'9' > 10", true},
		{"at most", "1 <= 1", true},
		{"at least", "1 >= 2", false},
		{"more", "2 > 1", true},
		{"a variable", "$(S)=='Advanced'", true},
		{"a variable with a key", "$(D{k})=='key'", true},
		{"a variable as a number", "$(N) > 9", true},
		{"a variable beside a string", "$(N)=='10'", true},
		{"a default", "$(A|'x')=='x'", true},
		{"a default in double quotes", `$(A|"it's")=="it's"`, true},
		{"a default without quotes", "$(A|x)=='x'", true},
		{"a key in quotes", "$(D{'k'})=='key'", true},
		{"an empty operand makes a comparison false", "$(A)==''", false},
		{"whatever the operator", "$(A)!='x'", false},
		{"on the right too", "'x'!=$(A)", false},
		{"and negation turns that round", "!($(A)=='x')", true},
		{"a variable that has a value", "$(S)", true},
		{"a variable that has none", "$(A)", false},
		{"a variable that is false", "$(F)", false},
		{"a variable that is true", "$(T)==true", true},
		{"a variable that is 0", "$(Z)", false},
		{"true", "true", true},
		{"false", "false", false},
		{"zero", "0", false},
		{"an empty string", "''", false},
		{"and", "1==1 & 2==2", true},
		{"and with one false", "1==1 && 2==3", false},
		{"or", "1==2 | 2==2", true},
		{"or with both false", "1==2 || 2==3", false},
		{"and binds more than or", "1==1 | 1==1 & 1==2", true},
		{"parentheses bind most", "(1==1 | 1==1) & 1==2", false},
		{"not binds less than comparisons", "!1==2", true},
		{"not binds more than and", "!1==1 & 1==2", false},
		{"not of a variable", "!$(A)", true},
		{"not twice", "!!$(S)", true},
		{"a comparison of a parenthesis", "(1==1)==true", true},
		{"comparisons go from left to right", "1==1==true", true},
		{"examples of the note: not", "!(1==1)", false},
		{"examples of the note: or", "(1==1)|('abc'=='def')", true},
		{"examples of the note: and", "(4!=5)&(4==5)", false},
		{"or from left to right", "1 > 2 | 3 > 2", true},
		{"fractions in parentheses", "(1 > 2) | (3.02 > 2.4124 & 1 <= 1)", true},
		{"&& and || without white space", "(1>2)||(3>2&&2>1)", true},
		{"not of a parenthesis", "! (1 < 2) | (3 > 2 & 2 >= 1)", true},
		{"words of a programming language in strings", "'repeat' != 'function'", true},
		{"numbers below zero", "-2 < -1", true},
		{"a number against a string that is none", "10 < '9'", true},
		{"an empty string equals none", "''==''", false},
		{"an absent value is no number", "$(A) < 1", false},
		{"white space is free", " \t( 1\n== 1 ) ", true},
		{"has", "$(S) has 'van'", true},
		{"has minds case", "$(S) has 'VAN'", false},
		{"has_i does not", "$(S) has_i 'VAN'", true},
		{"matches", `$(S) matches '^Adv\w+$'`, true},
		{"matches minds case", "$(S) matches '^adv'", false},
		{"matches_i does not", "$(S) matches_i '^adv'", true},
		{"matches of nothing", "$(A) matches '.*'", false},
		{"=~ is matches", "'hello' =~ 'l+o$'", true},
		{"with slashes around the pattern", "'hello' =~ '/llo/'", true},
		{"which may mind case", "'hello' =~ '/LLO/'", false},
		{"or not", `'HeL\'\'\'Lo' =~ '/hel[\']{1,3}lo/i'`, true},
		{"slashes in the pattern", `'http://a.example?b=c' =~ '/^(http[s]?)://([^:/]+)(?::(\d+))?(.*)/'`, true},
		{"=~ of a number", "2 =~ '/[0-9]/'", true},
		{"a slash alone is a pattern", "'a/b' =~ '/'", true},
		{"a string in three quotes", "'''it's''' has \"t's\"", true},
		{"a quote in a string", `'it\'s' == "it's"`, true},
		{"a value is no part of the expression", "$(CODE)=='x'", false},
		{"a quote in a value ends nothing", "'x'==$(QUOTE)", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e, err := esi.ParseExpression(test.text)
			if err != nil {
				t.Fatalf("ParseExpression(%q): %v", test.text, err)
			}
			if got := e.True(lookup); got != test.want {
				t.Errorf("%s is %t; want %t", test.text, got, test.want)
			}
		})
	}
}

func TestNoExpression(t *testing.T) {
	tests := []struct {
		name, text string
		offset     int
	}{
		{"nothing", "", 0},
		{"no right side", "1 ==", 4},
		{"no left side", "== 1", 0},
		{"no operator", "1 2", 2},
		{"a word", "a == 1", 0},
		{"a string without end", "'a", 0},
		{"a parenthesis without end", "(1==1", 5},
		{"a parenthesis without beginning", "1==1)", 4},
		{"an operator that is none", "1 = 2", 2},
		{"a variable without end", "$(A", 0},
		{"a dollar", "$A", 0},
		{"a pattern that is none", "'a' matches '('", 12},
		{"two strings", "'hello' 'there'", 8},
		{"a string behind a number", "3 'hello'", 2},
		{"a number behind a string", "'hello' 4", 8},
		{"a word on the right", "'repeat' != function", 12},
		{"a pattern that is no string", "'a' matches $(A)", 12},
		{"a pattern that is too long", "'a' matches '" + long + "'", 12},
		{"too many parentheses", strings.Repeat("(", 65) + "1", 64},
		{"too many patterns", strings.Repeat("'a' matches 'a' |", 32) + "'a' matches 'a'", 32*17 + 12},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e, err := esi.ParseExpression(test.text)
			var wrong *esi.ExpressionError
			if !errors.As(err, &wrong) || wrong.Offset != test.offset || e.True(lookup) {
				t.Errorf("ParseExpression(%q): %v, %v; want an error at %d", test.text, e, err, test.offset)
			}
		})
	}
}

func TestTheFirstBranchThatIsTrueIsTaken(t *testing.T) {
	tests := []struct{ name, page, want string }{
		{"the first of two", `<esi:choose><esi:when test="1">a</esi:when><esi:when test="1">b</esi:when></esi:choose>`, "a"},
		{"the second", `<esi:choose><esi:when test="$(A)">a</esi:when><esi:when test="$(S)">b</esi:when></esi:choose>`, "b"},
		{"otherwise", `<esi:choose><esi:otherwise>c</esi:otherwise><esi:when test="0">a</esi:when></esi:choose>`, "c"},
		{"a when before an otherwise that comes first", `<esi:choose><esi:otherwise>c</esi:otherwise><esi:when test="1">a</esi:when></esi:choose>`, "a"},
		{"entities in a test", `<esi:choose><esi:when test="1 &lt; 2 &amp;&amp; 2 &gt; 1">a</esi:when></esi:choose>`, "a"},
		{"& as it is", `<esi:choose><esi:when test='1==1&&2==2'>a</esi:when></esi:choose>`, "a"},
		{"> in a test ends no tag", `<esi:choose><esi:when test="2>1">a</esi:when></esi:choose>`, "a"},
		{"none", `<esi:choose><esi:when test="0">a</esi:when></esi:choose>`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			if _, p := compile(t, test.page).Segments[0].Choose.Take(lookup); p != nil {
				got = show(p)
			}
			if got != test.want {
				t.Errorf("branch of %s = %q; want %q", test.page, got, test.want)
			}
		})
	}
}
