// Package debugpanel shows a person the includes of a page: as a panel at the end of the page,
// and as comments around the output of each include, which debug.js outlines.
//
//	page = debugpanel.Annotate(page, marks, p.Includes, debugpanel.Panel(p))
//
// Neither changes the page around it:
//
//   - A comment may stand between all elements, and matches no selector of a stylesheet. Where
//     no comment may stand, in an attribute or in a script, there is none.
//   - The panel is in a shadow tree, with a stylesheet of its own, so that the page's styles
//     and those of the panel do not meet. It needs no script.
//   - The outlines are drawn above the page, so that no element of it has another attribute,
//     size or parent, and swaps of elements by their id go on.
//
// Stylesheet and script are files of the site, as style-src 'self' and script-src 'self' of a
// Content-Security-Policy require.
package debugpanel
