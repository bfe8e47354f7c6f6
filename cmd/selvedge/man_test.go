package main

import (
	"io"
	"strings"
	"testing"

	"selvedge/composer/site/config"
)

func TestTheManualPageHasAllCommandsAndSettings(t *testing.T) {
	var page strings.Builder
	if code := run(t.Context(), []string{"selvedge", "man"}, strings.NewReader(""), &page, io.Discard); code != 0 {
		t.Fatalf("exit code %d; want 0", code)
	}
	want := []string{"\n.SH NAME", "\n.SH SIGNALS\n", "<esi:vars>$(SELVEDGE_LIVE)", "selvedge restore [options] FILE", "\n.SH completion\n"}
	for _, c := range rootCommand().Commands {
		want = append(want, "\n.SH "+c.Name+"\n")
	}
	for _, s := range config.Settings() {
		want = append(want, `\fB--`+s.Flag+`\fP`)
	}
	for _, part := range want {
		if !strings.Contains(page.String(), part) {
			t.Errorf("the page does not have %q", part)
		}
	}
	for _, part := range []string{`=""`, `\[la]`, "Shows a list of commands", "(default: false)"} {
		if strings.Contains(page.String(), part) {
			t.Errorf("the page has %q", part)
		}
	}
}
