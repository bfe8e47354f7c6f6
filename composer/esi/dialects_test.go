package esi_test

import (
	"strings"
	"testing"
)

// TestCompileWhatDialectsWrite has pages as they are written for other
// composers, and as they are written by mistake.
func TestCompileWhatDialectsWrite(t *testing.T) {
	tests := []struct{ name, page, want string }{
		{"attributes in any order", `<esi:include onerror="continue" alt='/y' src="/x"/>`, "[/x|/y!]"},
		{"unknown attributes", `<esi:include sr="foo" src="/x" data-a:b='c'/>`, "[/x]"},
		{"values without quotes", `<esi:include foo=bar src=/x/y?a=b />`, "[/x/y?a=b]"},
		{"a slash before the end of a tag is no part of its value", `<esi:include src=/x/>`, "[/x]"},
		{"but one before white space is", `<esi:include src=/x/ /><esi:include src=/y/ alt=//host/z/>`, "[/x/][/y/|//host/z]"},
		{"an empty value without quotes", `<esi:include src=/><esi:include src= />`, "[][]"},
		{"attributes without value", `a<esi:comment bar />b<esi:include src="/x" primary/>c`, "ab[/x*]c"},
		{"attributes that nothing separates", `<esi:include src="/x"alt='/y'/>`, "[/x|/y]"},
		{"quotes in quotes", `<esi:include src="/x?a='b'"/><esi:include src='/x?a="b"'/>`, `[/x?a='b'][/x?a="b"]`},
		{"> and /> in a value end nothing", `<esi:include src="/x?a=>/>b"/>c`, "[/x?a=>/>b]c"},
		{"white space around an address", "<esi:include src=\" \n/x \"/>", "[/x]"},
		{"white space in an address stays", `<esi:include src="/x y"/>`, "[/x y]"},
		{"absolute addresses", `<esi:include src="http://host/x"/><esi:include src="//host:80/x"/>`, "[http://host/x][//host:80/x]"},
		{"two includes on a line", `<esi:include src="/x" /> <esi:include src="/y" />`, "[/x] [/y]"},
		{"white space in an end tag", "<esi:include src=\"/x\">a</esi:include \n>b", "[/x?a]b"},
		{"parameters are unknown, and taken out", `<esi:include src="/x"><esi:param name="a" value="b"/></esi:include>`, "[/x]"},
		{"capital letters make another tag", `<ESI:include src="/x"/><esi:Include src="/x"/>`, `<ESI:include src="/x"/>`},
		{"a tag of no namespace", `<esi/><esi>a</esi></>`, `<esi/><esi>a</esi></>`},
		{"a comment in a tag makes it text", `<esi:include <!-- a --> src="/x"/>`, `<esi:include <!-- a --> src="/x"/>`},
		{"a value whose quote is not closed", `<esi:include src="/x /> <p>`, `<esi:include src="/x /> <p>`},
		{"a tag that is cut off at its end", `a<esi:include src="/x"/`, `a<esi:include src="/x"/`},
		{"a tag that is cut off in a mark", "a<esi:vars>b</esi:vars><es", "ab<es"},
		{"a quote in a value without quotes", `<esi:include src=/x"y/>`, `<esi:include src=/x"y/>`},
		{"a slash in a tag is white space", `<esi:include / src="/x"//>`, "[/x]"},
		{"white space behind the slash of a tag", "<esi:include src=\"/x\" / \n>a</esi:include><esi:comment / >b", "[/x]ab"},
		{"an ESI comment that is empty", `a<!--esi-->b<!--esi -->c`, "ab c"},
		{"an ESI comment with all that ESI has", `<!--esi <esi:vars>$(A)</esi:vars><esi:choose><esi:when test="1">a</esi:when></esi:choose><esi:remove>b</esi:remove>-->c`, " {A}(when:a)c"},
		{"an ESI comment that is not closed", `a<!--esi <esi:include src="/x"/>b`, "a [/x]b"},
		{"ESI comments that are nested and not closed", strings.Repeat("<!--esi ", 100), strings.Repeat(" ", 100)},
		{"a conditional comment", `<!--[if !IE]><!--><esi:include src="/x"/><!--<![endif]-->`, `<!--[if !IE]><!-->[/x]<!--<![endif]-->`},
		{"an ESI comment in a style", "<style><!--esi a{} --></style>", "<style> a{} </style>"},
		{"remove that is empty", `a<esi:remove/>b`, "ab"},
		{"a comment without text", `a<esi:comment/>b`, "ab"},
		{"an include in a comment", `a<esi:comment>b<esi:include src="/x"/></esi:comment>c`, "ac"},
		{"vars in HTML attributes", `<esi:vars><a href="http://$(HTTP_HOST)/">$(A)</a></esi:vars>`, `<a href="http://{HTTP_HOST}/">{A}</a>`},
		{"vars in a HTML tag", `<a href="<esi:vars>$(A)</esi:vars>">$(B)</a>`, `<a href="{A}">$(B)</a>`},
		{"vars that have their variable in an attribute", `a<esi:vars name="$(HTTP_HOST)"/>b$(C)`, "a{HTTP_HOST}b$(C)"},
		{"with text around it", `<esi:vars name="b $(A{c}|'d') &amp; e"/>f`, "b {A{c}|'d'} &amp; ef"},
		{"and with content", `<esi:vars name='$(A)'>$(B)</esi:vars>`, "{A}{B}"},
		{"vars in vars", `<esi:vars>$(A)<esi:vars>$(B)</esi:vars>$(C)</esi:vars>$(D)`, "{A}{B}{C}$(D)"},
		{"a choose in an attempt", `<esi:try><esi:attempt><esi:choose><esi:when test="1">a</esi:when></esi:choose></esi:attempt><esi:except>b</esi:except></esi:try>`, "(attempt:(when:a)|except:b)"},
		{"a try in a branch", `<esi:choose><esi:otherwise><esi:try><esi:attempt>a</esi:attempt><esi:except>b</esi:except></esi:try></esi:otherwise></esi:choose>`, "(otherwise:(attempt:a|except:b))"},
		{"several includes in an attempt", `<esi:try><esi:attempt><esi:include src="/x"/>a<esi:include src="/y"/></esi:attempt></esi:try>`, "(attempt:[/x]a[/y]|except:)"},
		{"an escaped quote in a test", `<esi:choose><esi:when test="'a \" b' == 'a \" b'">a</esi:when></esi:choose>`, "(when:a)"},
		{"a backslash elsewhere escapes nothing", `<esi:include src="/x\"/>`, `[/x\]`},
		{"variables in scripts", `<script>$(document).ready()</script><esi:vars>$('#a').b(); $(A)</esi:vars>`, `<script>$(document).ready()</script>$('#a').b(); {A}`},
		{"a byte order mark and a declaration", "\ufeff<?xml version=\"1.0\"?><!DOCTYPE html>a", "\ufeff<?xml version=\"1.0\"?><!DOCTYPE html>a"},
		{"bytes that are no text", "\x00\xff<esi:vars>\x00$(A)\xc3\x28</esi:vars>\xfe", "\x00\xff\x00{A}\xc3\x28\xfe"},
		{"a long attribute", `<esi:include src="/` + strings.Repeat("x", 2000) + `"/>`, "[/" + strings.Repeat("x", 2000) + "]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := show(compile(t, test.page)); got != test.want {
				t.Errorf("Compile(%q) = %s; want %s", test.page, got, test.want)
			}
		})
	}
}

func TestVariablesThatDialectsWrite(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a key in single quotes", "$(A{'b'})", "{A{b}}"},
		{"a key in double quotes", `$(A{"b c"})`, "{A{'b c'}}"},
		{"a default in double quotes", `$(A|"b")`, "{A|'b'}"},
		{"a default with a quote in it", `$(A|"it's")`, `{A|"it's"}`},
		{"an empty key in quotes is text", "$(A{''})", "$(A{''})"},
		{"a key in quotes that are not closed is text", "$(A{'b})", "$(A{'b})"},
		{"a key in a key is text", "$(A{b{c}})", "$(A{b{c}})"},
		{"two keys are text", "$(A{b}{c})", "$(A{b}{c})"},
		{"a variable in a key is text", "$(A{$(B)})", "$(A{{B}})"},
		{"a backslash before a variable is text", `\$(A)`, `\{A}`},
		{"a dollar alone is text", "$ $5 $A $$(A)$", "$ $5 $A ${A}$"},
		{"an end without beginning is text", "A) {b} |c", "A) {b} |c"},
		{"a name of 256 bytes", "$(" + long[:256] + ")", "$(" + long[:256] + ")"},
		{"a name of 256 capital letters", "$(" + strings.ToUpper(long[:256]) + ")", "{" + strings.ToUpper(long[:256]) + "}"},
		{"a longer name is text", "$(" + strings.ToUpper(long) + ")", "$(" + strings.ToUpper(long) + ")"},
		{"a key of 256 bytes", "$(A{" + long[:256] + "})", "{A{" + long[:256] + "}}"},
		{"a longer key is text", "$(A{" + long + "})", "$(A{" + long + "})"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := show(compile(t, "<esi:vars>"+test.text+"</esi:vars>")); got != test.want {
				t.Errorf("Compile of vars with %q = %s; want %s", test.text, got, test.want)
			}
		})
	}
}
