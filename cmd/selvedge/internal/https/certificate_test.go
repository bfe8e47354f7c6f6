package https

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// renew writes a certificate with a serial number, and its key.
func renew(t *testing.T, cert, key string, serial int64) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, secret.Public(), secret)
	if err != nil {
		t.Fatal(err)
	}
	secretDER, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	write(t, cert, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	write(t, key, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secretDER})))
}

// write replaces a file, as a program that renews certificates does, so that its time of
// modification is another one even on a coarse clock.
func write(t *testing.T, name, text string) {
	t.Helper()
	written := time.Unix(0, 0)
	if info, err := os.Stat(name); err == nil {
		written = info.ModTime().Add(time.Minute)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, written, written); err != nil {
		t.Fatal(err)
	}
}

// serial returns the serial number of the certificate of a handshake.
func serial(t *testing.T, c *Certificate) int64 {
	t.Helper()
	pair, err := c.get(nil)
	if err != nil {
		t.Fatal(err)
	}
	return pair.Leaf.SerialNumber.Int64()
}

// TestFilesAreLookedAtOnceASecond goes through the changes of a pair, in the time of a test.
func TestFilesAreLookedAtOnceASecond(t *testing.T) {
	folder := t.TempDir()
	cert, key := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	synctest.Test(t, func(t *testing.T) {
		renew(t, cert, key, 1)
		var log bytes.Buffer
		c, err := LoadCertificate(cert, key, slog.New(slog.NewTextHandler(&log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		steps := []struct {
			name   string
			change func()
			wait   time.Duration
			want   int64
			logged int // lines about broken pairs
		}{
			{"no change", func() {}, time.Second, 1, 0},
			{"a new pair, at once", func() { renew(t, cert, key, 2) }, 0, 1, 0},
			{"a new pair, before a second is over", func() {}, 999 * time.Millisecond, 1, 0},
			{"a new pair, after a second", func() {}, time.Millisecond, 2, 0},
			{"a broken key", func() { write(t, key, "none") }, time.Second, 2, 1},
			{"a key that is still broken", func() {}, time.Second, 2, 1},
			{"a pair that is whole again", func() { renew(t, cert, key, 3) }, time.Second, 3, 1},
			{"a key that is broken again", func() { write(t, key, "none") }, time.Second, 3, 2},
			{"a missing file", func() { _ = os.Remove(cert) }, time.Second, 3, 3},
			{"files that are back", func() { renew(t, cert, key, 4) }, time.Second, 4, 3},
		}
		for _, step := range steps {
			step.change()
			time.Sleep(step.wait)
			if got := serial(t, c); got != step.want {
				t.Errorf("%s: the certificate is %d; want %d", step.name, got, step.want)
			}
			if got := strings.Count(log.String(), "level=ERROR"); got != step.logged {
				t.Errorf("%s: the log has %d errors; want %d\n%s", step.name, got, step.logged, &log)
			}
		}
	})
}

func TestOtherFilesAreReadAtTheNextHandshake(t *testing.T) {
	folder := t.TempDir()
	path := func(name string) string { return filepath.Join(folder, name) }
	renew(t, path("a"), path("a.key"), 1)
	renew(t, path("b"), path("b.key"), 2)
	c, err := LoadCertificate(path("a"), path("a.key"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	c.SetFiles(path("b"), path("b.key"))
	if got := serial(t, c); got != 2 {
		t.Errorf("the certificate is %d; want 2", got)
	}
}
