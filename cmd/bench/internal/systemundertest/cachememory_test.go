//go:build linux

package systemundertest

import "testing"

func TestFragmentsAreStored(t *testing.T) {
	m, err := measureCacheMemory(200)
	if err != nil {
		t.Fatal(err)
	}
	if m.Refetched != 0 || m.Bytes < 200*StoredFragmentSize {
		t.Errorf("measureCacheMemory(200) = %+v; want none fetched again, and at least their bytes", m)
	}
}
