package esi_test

import (
	"runtime"
	"strings"
	"testing"

	"selvedge/composer/esi"
)

func TestSizeIsTheMemoryThatAProgramTakes(t *testing.T) {
	for _, element := range []string{
		`<p>text</p><esi:include src="/fragments/part/1234"/>`,
		`<esi:include src="/a?$(QUERY_STRING)" alt="/b#c">content</esi:include>`,
		`<esi:vars>a $(HTTP_COOKIE{a}|'none') b</esi:vars>`,
		`<esi:try><esi:attempt><esi:include src="/a"/></esi:attempt><esi:except>b</esi:except></esi:try>`,
		`<p><esi:choose><esi:when test="$(QUERY_STRING{a})=='12'">x</esi:when><esi:otherwise>y</esi:otherwise></esi:choose></p>`,
		`<p><esi:choose><esi:when test="$(QUERY_STRING{a})=='12' && !($(HTTP_HOST)=='b' | $(HTTP_COOKIE{a})>3)">x</esi:when></esi:choose></p>`,
		`<p><esi:choose><esi:when test="$(QUERY_STRING{a}) matches '''^[a-z]+x*$'''">x</esi:when></esi:choose></p>`,
		`<esi:unknown/>text`,
	} {
		page := []byte(strings.Repeat(element, 50))
		var programs [200]*esi.Program
		before := heap()
		for i := range programs {
			programs[i] = esi.Compile(page)
		}
		taken := float64(heap()-before) / float64(len(programs))
		if got := float64(programs[0].Size()); got < 0.8*taken || got > 1.2*taken {
			t.Errorf("Size of the program of 50 times %s is %.0f; it takes %.0f bytes", element, got, taken)
		}
		runtime.KeepAlive(programs)
	}
	if got := (*esi.Program)(nil).Size(); got != 0 {
		t.Errorf("Size of nil is %d; want 0", got)
	}
}

// heap is how much memory is used, in bytes.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
