// Package esi compiles pages with edge-side includes (ESI Language 1.0) into
// programs.
//
// A page is compiled once; every view of it walks the program's segments and
// scans no text:
//
//	program := esi.Compile(page)
//	for _, s := range program.Segments {
//		switch {
//		case s.Include != nil:
//			// fetch s.Include.Src and write what came
//		case s.Variable != nil:
//			// write what the variable stands for, escaped
//		case s.Choose != nil:
//			// go on with s.Choose.Take(lookup)
//		case s.Try != nil:
//			// go on with s.Try.Attempt, or with s.Try.Except if that fails
//		default:
//			w.Write(s.Text)
//		}
//	}
//
// The package knows nothing of HTTP: who runs a program fetches the includes,
// and gives the variables their values and escapes them.
//
// # The language
//
// These elements are understood; every other esi: tag is taken out with a
// warning, and what it encloses stays.
//
//	<esi:include src="…" alt="…" onerror="continue" maxwait="300" ttl="5m"
//		no-store="on" redirect="follow" public="public" primary="primary"
//		required="required"/>
//	<esi:include src="…">what to show instead when src and alt fail</esi:include>
//	<esi:inline name="…" fetchable="yes">a fragment that stands in its page</esi:inline>
//	<esi:choose>
//		<esi:when test="$(HTTP_COOKIE{group})=='gold'">…</esi:when>
//		<esi:otherwise>…</esi:otherwise>
//	</esi:choose>
//	<esi:try>
//		<esi:attempt>…</esi:attempt>
//		<esi:except>what to show if an include of the attempt fails</esi:except>
//	</esi:try>
//	<esi:vars>text in which $(NAME) is a variable</esi:vars>
//	<esi:vars name="$(NAME)"/>
//	<esi:text>text in which <esi:include/> is text</esi:text>
//	<esi:remove>what is shown only where ESI is not understood</esi:remove>
//	<esi:comment text="…"/>
//	<!--esi text that is shown only where ESI is understood -->
//
// An include with an open start tag and no end tag is one without content, and
// is warned about. One without src stands for its alt or, if it has none, is
// taken out with a warning, and what it encloses stays. In src and alt, #id asks
// for one element of the answer; white space around an address is not a part of
// it. The attribute maxwait is in milliseconds; ttl is in seconds unless it says
// m, h or d, and of 0 it is no-store. The attributes public, primary and required
// mean yes whatever they say, except no, false and off.
//
// Names are in small letters. A value may stand in quotes of either kind, and
// without them if it has no white space, no quotes and none of < and >; the
// slash of /> is no part of it then. An attribute without value has the empty
// one, and unknown attributes do nothing but are warned about. The five entities
// of XML and numeric character references are decoded in addresses, in tests, and
// in the variables of a name. In a test, a backslash before the quote that would
// end it makes it a part of the test.
//
// The branches of a choose or a try stand in it directly, and nothing else is
// shown of it. A branch elsewhere is dropped, and one that is never closed ends
// with what it stands in, so that no branch shows without its test. The
// first when whose test is true is taken; one whose test is no expression
// never is. A try without except shows nothing if its attempt fails.
//
// An inline stands in its place; nobody can ask for it alone.
//
// HTML comments and CDATA sections are opaque: nothing in them is an
// instruction. Scripts and styles are not: a page is scanned as bytes, not
// parsed as HTML.
//
// # Variables
//
// A variable is written $(NAME), $(NAME{key}), $(NAME|default) or
// $(NAME{key}|'default with spaces'), in capital letters, digits and
// underscores. A key or a default may stand in quotes of either kind, and must
// if white space, a quote or one of {}()|$<> stands in it. Name, key and
// default have at most 256 bytes each. What is not written so is text.
//
// Variables stand in the addresses of includes, in tests, and in the text of
// vars, when, otherwise, attempt and except, so that $(document).ready
// elsewhere is safe. What a variable brings in is never read again, neither as
// an element nor as a variable nor as a part of an expression.
//
// # Expressions
//
// From what binds most to what binds least (ESI 1.0 §5.1):
//
//	==  !=  <  <=  >  >=  has  has_i  matches  matches_i  =~
//	!
//	&  &&
//	|  ||
//
// Operands are numbers, strings in quotes (in three, to have quotes in them),
// variables, true, false, and expressions in parentheses. Two operands that
// both look like numbers and are not in quotes are compared as numbers, and
// all others as strings, byte by byte. A comparison with an empty operand is
// false, whatever its operator. By itself an operand is true unless it is
// empty, 0 or false. The right side of has is looked for in the left one; that
// of matches is a regular expression (RE2) in quotes. With _i they ignore case.
// For =~, which is matches, the expression may be written '/…/' or '/…/i'.
//
// # What a page can do to it
//
// Nothing. Compile cannot fail and ends in time linear in the length of the
// page. Elements are nested at most 64 deep, as are parentheses, and a page has
// at most 32 regular expressions of 256 bytes. Bytes that are no well-formed
// esi: tag come out as they went in. What an author would want to know is in
// Program.Warnings, with line and column.
//
// # Pages that arrive bit by bit
//
// A Compiler takes a page in any chunks and gives out each segment as soon as
// no later byte can change it, so that an include can be fetched while the
// page is still arriving. How the page is cut changes nothing in its program.
//
//	var c esi.Compiler
//	for chunk := range chunks {
//		show(c.Write(chunk))
//	}
//	rest, program := c.Close()
//	show(rest)
//
// Text, variables and includes written <esi:include …/> are given out at once,
// those in vars, inline, text and <!--esi among them. All other elements wait
// for their end tags. So does an include with an open start tag: until its end
// tag, the end of what it stands in or the end of the page is read, what
// follows it may be its content. A template that is to stream closes its
// includes.
package esi
