package esi_test

import (
	"slices"
	"strings"
	"testing"
)

func TestMarksOfAnInclude(t *testing.T) {
	tests := []struct{ name, attributes, want string }{
		{"required", `required="required"`, "[/x+]"},
		{"required by any word", `required="yes" primary="1"`, "[/x*+]"},
		{"required by name", `required`, "[/x+]"},
		{"public", `public="public"`, "[/x%]"},
		{"public by name", `public`, "[/x%]"},
		{"not public", `public="no"`, "[/x]"},
		{"not required", `required="no" primary="off"`, "[/x]"},
		{"not required, otherwise", `required="false" primary='false'`, "[/x]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			page := `<esi:include src="/x" ` + test.attributes + "/>"
			if got := show(compile(t, page)); got != test.want {
				t.Errorf("Compile(%q) = %s; want %s", page, got, test.want)
			}
		})
	}
}

func TestIncludesOfAProgram(t *testing.T) {
	page := `<esi:include src="1">a<esi:include src="2"/></esi:include>
<esi:choose>
<esi:when test="0"><esi:include src="3"/></esi:when>
<esi:when test="1"><esi:include src="4"/></esi:when>
<esi:otherwise><esi:include src="5"/></esi:otherwise>
</esi:choose>
<esi:try><esi:attempt><esi:include src="6"/></esi:attempt><esi:except><esi:include src="7"/></esi:except></esi:try>
<esi:remove><esi:include src="no"/></esi:remove><esi:include src="8"/>`
	program := compile(t, page)
	want := []string{"1", "2", "3", "4", "5", "6", "7", "8"}
	for n := range want {
		var got []string
		for in := range program.Includes() {
			if got = append(got, in.Src.String()); len(got) > n {
				break
			}
		}
		if !slices.Equal(got, want[:n+1]) {
			t.Errorf("the first %d includes are %q; want %q", n+1, got, want[:n+1])
		}
	}
	if got := slices.Collect(program.Includes()); len(got) != len(want) {
		t.Errorf("the program has %d includes; want %d", len(got), len(want))
	}
}

func TestStaticAddresses(t *testing.T) {
	tests := []struct {
		name, src, want string
		ok              bool
	}{
		{"a path", "/x?a=1&amp;b=2", "/x?a=1&b=2", true},
		{"a path with a part", "/x#a", "/x", true},
		{"another host with a part", "//host/x#a", "//host/x", true},
		{"another scheme with a part", "http://host/x#a", "http://host/x", true},
		{"a variable", "/x?$(A)", "", false},
		{"a variable in the part alone", "/x#$(A)", "/x", true},
		{"nothing", "", "", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src := compile(t, `<esi:include src="`+test.src+`"/>`).Segments[0].Include.Src
			if got, ok := src.Static(); got != test.want || ok != test.ok {
				t.Errorf("Static of %q = %q, %t; want %q, %t", test.src, got, ok, test.want, test.ok)
			}
			if n := testing.AllocsPerRun(10, func() { src.Static() }); n > 0 {
				t.Errorf("Static of %q allocates %v times; want none", test.src, n)
			}
		})
	}
}

// A page writes what its variables stand for and does not read it, whatever
// they make together.
func TestWhatVariablesBringInIsNotRead(t *testing.T) {
	values := map[string]string{"A": "<esi:include src='/evil", "B": "'/>", "C": "$(A)", "D": "</esi:vars>"}
	program := compile(t, "<esi:vars>$(A)$(B)$(C)$(D)$(A)-->$(B)</esi:vars>")
	var got strings.Builder
	for _, s := range program.Segments {
		if s.Variable != nil {
			got.WriteString(s.Variable.Or(values[s.Variable.Name]))
		}
		got.Write(s.Text)
	}
	want := "<esi:include src='/evil'/>$(A)</esi:vars><esi:include src='/evil-->'/>"
	if got.String() != want || len(slices.Collect(program.Includes())) > 0 {
		t.Errorf("the page is %q with includes %v; want %q with none", got.String(), slices.Collect(program.Includes()), want)
	}
}
