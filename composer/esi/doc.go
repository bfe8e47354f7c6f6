// Package esi compiles pages with Edge Side Includes (ESI Language 1.0) into programs.
//
// A page is compiled once. Each view of the page walks the segments of its program, and
// scans no text:
//
//	program := esi.Compile(page)
//	for _, s := range program.Segments {
//		switch {
//		case s.Include != nil:
//			// fetch s.Include.Src and write the response body
//		case s.Variable != nil:
//			// write the value of the variable, escaped
//		case s.Choose != nil:
//			// go on with s.Choose.Take(lookup)
//		case s.Try != nil:
//			// go on with s.Try.Attempt, or with s.Try.Except if the attempt fails
//		default:
//			w.Write(s.Text)
//		}
//	}
//
// The package is independent of HTTP. The caller fetches the includes, looks up the
// values of the variables and escapes them.
//
// # The language
//
// The language has the following elements. Any other esi: tag is taken out with a
// warning, and the text between its tags stays.
//
//	<esi:include src="…" alt="…" onerror="continue" maxwait="300" ttl="5m"
//		no-store="on" redirect="follow" public="public" primary="primary"
//		required="required"/>
//	<esi:include src="…">content shown if src and alt fail</esi:include>
//	<esi:inline name="…" fetchable="yes">a fragment within its page</esi:inline>
//	<esi:choose>
//		<esi:when test="$(HTTP_COOKIE{group})=='gold'">…</esi:when>
//		<esi:otherwise>…</esi:otherwise>
//	</esi:choose>
//	<esi:try>
//		<esi:attempt>…</esi:attempt>
//		<esi:except>content shown if an include of the attempt fails</esi:except>
//	</esi:try>
//	<esi:vars>text with the variable $(NAME)</esi:vars>
//	<esi:vars name="$(NAME)"/>
//	<esi:text>literal text, as <esi:include/> is here</esi:text>
//	<esi:remove>content shown only by a server without ESI</esi:remove>
//	<esi:comment text="…"/>
//	<!--esi content shown only by a server with ESI -->
//
// An include with an open start tag and without an end tag is empty, and gets a warning.
// An include without src gets a warning, too:
//
//   - If the include has an alt, the alt replaces the src.
//   - If the include has no alt, its tags are taken out, and its content stays.
//
// The attributes of an include have these values:
//
//   - In src and alt, #id selects one element of the response. White space around an
//     address is ignored.
//   - The value of maxwait is in milliseconds.
//   - The value of ttl is in seconds, or has the unit m, h or d. A ttl of 0 means
//     no-store.
//   - The attributes public, primary and required are set by any value except no, false
//     and off.
//
// Names are lowercase. A value is written in single or double quotes. The quotes are
// optional for a value without white space, quotes, < and >; a following /> is not a part
// of the value. An attribute without a value has the empty value. An unknown attribute
// has no effect, and gets a warning. The five entities of XML and numeric character
// references are decoded in addresses, in tests, and in the variables of a name. In a
// test, a backslash before the closing quote makes the quote a part of the test.
//
// The branches of a choose or a try are its direct children, and its remaining content is
// dropped. A branch elsewhere is dropped, too. An unclosed branch ends with the element
// around it, so that no branch is shown without its test. The first when with a true test
// is taken. A when with an invalid test is never taken. A try without except shows
// nothing if its attempt fails.
//
// An inline is shown in its place. It cannot be requested by itself.
//
// HTML comments and CDATA sections are opaque: tags in them are text. Scripts and styles
// are ordinary text, because a page is scanned as bytes, without an HTML parser.
//
// # Variables
//
// A variable is written $(NAME), $(NAME{key}), $(NAME|default) or $(NAME{key}|'default
// with spaces'). Its name consists of capital letters, digits and underscores. A key or a
// default may be written in single or double quotes. The quotes are required for
//
//   - white space, quotes and ()|$<> in a key or a default,
//   - { and } in a key.
//
// Name, key and default have at most 256 bytes each, including quotes. Any deviation from
// this syntax is text.
//
// Variables are expanded in the addresses of includes, in tests, and in the text of vars,
// when, otherwise, attempt and except. The text $(document).ready elsewhere is therefore
// safe. The value of a variable is never read again, neither as an element nor as a
// variable nor as a part of an expression.
//
// # Expressions
//
// The operators, from the tightest binding to the loosest (ESI 1.0 §5.1):
//
//	==  !=  <  <=  >  >=  has  has_i  matches  matches_i  =~
//	!
//	&  &&
//	|  ||
//
// An operand is
//
//   - a number,
//   - a string in quotes, or in triple quotes to contain quotes,
//   - a variable,
//   - true or false,
//   - an expression in parentheses.
//
// Two operands are compared as numbers if both look like numbers and have no quotes, and
// otherwise as strings, byte by byte. A comparison with an empty operand is false with
// any operator. A single operand is true unless it is empty, 0 or false.
//
// The operators for text are
//
//   - has, which looks for its right side in its left side,
//   - matches, with a regular expression (RE2) in quotes on its right side,
//   - has_i and matches_i, which ignore case,
//   - =~, which is matches and also accepts the forms '/…/' and '/…/i'.
//
// # Hostile pages
//
// A page cannot make Compile fail, and Compile takes time linear in the length of the
// page. A page has at most
//
//   - 64 levels of nested elements,
//   - 64 levels of nested parentheses in a test,
//   - 32 regular expressions of 256 bytes each.
//
// All bytes outside of well-formed esi: tags are left unchanged. Program.Warnings
// describes likely mistakes of the page's author, with line and column.
//
// # Streaming
//
// A Compiler takes a page in chunks of any size. It returns each segment as soon as
// further bytes cannot change the segment, so that an include can be fetched while the
// page is still arriving. The size of the chunks does not affect the program.
//
//	var c esi.Compiler
//	for chunk := range chunks {
//		show(c.Write(chunk))
//	}
//	rest, program := c.Close()
//	show(rest)
//
// Text, variables and includes written <esi:include …/> are returned at once, also within
// vars, inline, text and <!--esi. All other elements wait for their end tags. An include
// with an open start tag waits as well, because the text after the tag may be its
// content. It waits for the first of
//
//   - its end tag,
//   - the end of the element around it,
//   - the end of the page.
//
// A template should therefore close its includes.
package esi
