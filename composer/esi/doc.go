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
//			// write what the variable stands for
//		default:
//			w.Write(s.Text)
//		}
//	}
//
// The package knows nothing of HTTP: who runs a program fetches the includes
// and gives the variables their values.
//
// # The language
//
// These elements are understood; every other esi: tag is taken out with a
// warning, and what it encloses stays.
//
//	<esi:include src="…" alt="…" onerror="continue" maxwait="300" primary="primary"/>
//	<esi:include src="…">what to show instead when src and alt fail</esi:include>
//	<esi:vars>text in which $(NAME) is a variable</esi:vars>
//	<esi:remove>what is shown only where ESI is not understood</esi:remove>
//	<esi:comment text="…"/>
//	<!--esi text that is shown only where ESI is understood -->
//
// An include with an open start tag and no end tag is one without content. The
// attribute maxwait is in milliseconds. Attribute values stand in quotes;
// the five entities of XML are decoded in them. Variables in an attribute are
// expanded, variables in text only inside vars, so that $(document).ready
// elsewhere is safe.
//
// HTML comments and CDATA sections are opaque: nothing in them is an
// instruction. Scripts and styles are not: a page is scanned as bytes, not
// parsed as HTML.
//
// # What a page can do to it
//
// Nothing. Compile cannot fail and ends in time linear in the length of the
// page. Bytes that are no well-formed esi: tag come out as they went in. What
// an author would want to know is in Program.Warnings, with line and column.
package esi
