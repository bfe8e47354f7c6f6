// Package https makes a server of HTTPS, with HTTP/1.1 and HTTP/2, of the listeners of an
// HTTP server.
//
//	certificate, err := https.LoadCertificate("cert.pem", "key.pem", logger)
//	...
//	err = server.Serve(https.NewListener(listener, certificate))
//
// The server takes a renewed [Certificate] without a restart. A request of plain HTTP is
// redirected to https; see [NewListener].
package https
