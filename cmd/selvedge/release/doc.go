// Package release has what a release is made of. The task release runs the script build,
// which writes into the folder dist
//
//   - a static program for each of Linux (amd64 and arm64), macOS and Windows;
//   - a Debian package for each program of Linux, by nfpm.yaml;
//   - the manual page, and completions for bash, zsh and fish;
//   - the Dockerfile, with the first site of an image;
//   - CHANGELOG.md, the commits of the types feat, fix and perf since the last tag;
//   - SHA256SUMS.
//
// The version is that of git. On the tag v1.2.3 it is v1.2.3, and on a later commit
// v1.2.4-0.DATE-COMMIT, which is before v1.2.4 for Go and for Debian. The same commit gives
// the same bytes with the same version of Go.
//
// # The Debian package
//
// The package has the unit selvedge.service, which serves /etc/selvedge/site.yaml as the user
// selvedge: at first one page at http://127.0.0.1:8080 that says what to do next. It makes a
// key in /var/lib/selvedge, so that the sessions of visitors outlast a restart. The unit
// selvedge.socket is an option: systemd holds the address while the service restarts.
//
// The tests install the package where the environment says CI, and unpack it elsewhere.
package release
