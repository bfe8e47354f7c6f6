package https

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// checkInterval is the least time between two looks at the files of a certificate.
const checkInterval = time.Second

// Certificate is a certificate and its private key, in two files of PEM.
//
// A handshake reads the files again if the time of modification or the size of a file has
// changed, at most once a second. If the new pair is broken, the reason is logged once, the
// previous pair stays, and the files are read again a second later.
//
// Methods are safe for concurrent use.
type Certificate struct {
	logger *slog.Logger
	config *tls.Config // of all listeners: its keys encrypt the tickets of sessions
	pair   atomic.Pointer[tls.Certificate]

	mu        sync.Mutex // guards the fields below
	cert, key string     // the files
	version   string     // of the files, as they were read
	checked   time.Time
	failure   string // of the last reading; empty: there was none
}

// LoadCertificate reads a certificate, with the certificates that lead to it, and its private
// key. The error names the files.
func LoadCertificate(cert, key string, logger *slog.Logger) (*Certificate, error) {
	c := &Certificate{logger: logger, cert: cert, key: key, checked: time.Now()}
	c.config = &tls.Config{
		GetCertificate: c.get,
		NextProtos:     []string{"h2", "http/1.1"},
		MinVersion:     tls.VersionTLS12, // the default of crypto/tls
	}
	c.version = c.currentVersion()
	if err := c.read(); err != nil {
		return nil, err
	}
	return c, nil
}

// SetFiles has the next handshake read the pair from other files.
func (c *Certificate) SetFiles(cert, key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cert, c.key, c.checked = cert, key, time.Time{}
}

// get is for tls.Config.GetCertificate. While a handshake reads the files, all others have
// the previous pair.
func (c *Certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	if c.mu.TryLock() {
		c.refresh()
		c.mu.Unlock()
	}
	return c.pair.Load(), nil
}

// refresh reads the files again if they have changed.
func (c *Certificate) refresh() {
	if time.Since(c.checked) < checkInterval {
		return
	}
	c.checked = time.Now()
	version := c.currentVersion() // before the reading, so that a later change counts
	if version == c.version {
		c.failure = ""
		return
	}
	if err := c.read(); err != nil {
		if err.Error() != c.failure {
			c.failure = err.Error()
			c.logger.Error("the certificate was not changed", "err", err)
		}
		return
	}
	c.version, c.failure = version, ""
	c.logger.Info("the certificate was read again", "file", c.cert, "not_after", c.pair.Load().Leaf.NotAfter)
}

// read reads the files.
func (c *Certificate) read() error {
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("%s with the key %s: %w", c.cert, c.key, err)
	}
	c.pair.Store(&pair)
	return nil
}

// currentVersion returns a text that differs for files that differ.
func (c *Certificate) currentVersion() string {
	var b strings.Builder
	for _, name := range []string{c.cert, c.key} {
		b.WriteString(name)
		if info, err := os.Stat(name); err == nil {
			_, _ = fmt.Fprintf(&b, " %d %d\n", info.ModTime().UnixNano(), info.Size())
		}
	}
	return b.String()
}
