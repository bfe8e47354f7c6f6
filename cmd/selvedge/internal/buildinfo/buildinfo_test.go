package buildinfo

import (
	"runtime/debug"
	"testing"
)

func TestAVersionIsReadable(t *testing.T) {
	vcs := []debug.BuildSetting{
		{Key: "GOOS", Value: "linux"}, {Key: "GOARCH", Value: "arm64"},
		{Key: "vcs.revision", Value: "61652c6e6ed31da6413ad9672791c003c37159b1"}, {Key: "vcs.time", Value: "2026-12-01T14:46:22Z"},
	}
	tests := []struct {
		name     string
		version  string
		settings []debug.BuildSetting
		text     string
		product  string
	}{
		{"a tag", "v1.2.3", vcs, "v1.2.3, commit 61652c6e6ed3 of 2026-12-01T14:46:22Z, go1.26.0, linux/arm64", "selvedge/1.2.3"},
		{"a commit after a tag, with changes", "v1.2.4-0.20261201144622-61652c6e6ed3+dirty", vcs[:2],
			"v1.2.4-0.20261201144622-61652c6e6ed3+dirty, go1.26.0, linux/arm64", "selvedge/1.2.4-0.20261201144622-61652c6e6ed3+dirty"},
		{"go run", "(devel)", vcs[:2], "(devel), go1.26.0, linux/arm64", "selvedge (devel)"},
		{"a test", "", vcs[:2], "(devel), go1.26.0, linux/arm64", "selvedge (devel)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			info := parse(&debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: test.version}, Settings: test.settings})
			if got := info.String(); got != test.text {
				t.Errorf("String() = %q; want %q", got, test.text)
			}
			if got := info.Product(); got != test.product {
				t.Errorf("Product() = %q; want %q", got, test.product)
			}
		})
	}
}
