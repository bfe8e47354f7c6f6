// Package address decides which addresses an include may have, request and dial: the
// checks against server-side request forgery, path traversal and request smuggling are
// here, and nowhere else.
//
//   - [Resolve] returns the URL of an include (RFC 3986 §5).
//   - [AllowList] has the hosts allowed by an operator. [AllowList.Allows] checks a
//     URL, and [AllowList.DialContext] checks each IP address before it is dialed.
//   - [EncodeDotSegments] and [EscapeQuery] keep the value of a variable from changing
//     the rest of an address.
//
// All functions are safe for concurrent use.
package address
