package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestAnOperatorInvalidatesGroups(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken)
	const reference, token = "/fragments/productdetails/products/1/head", "Authorization|Bearer " + adminToken
	tests := []struct {
		name, header, body string
		status             int
		want               string // in the answer
		dropped            bool
	}{
		{"groups as JSON", token + "|Content-Type|application/json", `{"groups":["product:1"]}`, 200, `{"groups":["product:1"],"dropped":`, true},
		{"groups in the header", token + `|Cache-Group-Invalidation|"product:1", "x"`, "", 200, `"dropped":`, true},
		{"a group that nothing has", token + `|Cache-Group-Invalidation|"x"`, "", 200, `"dropped":0}`, false},
		{"an address", token + "|Content-Type|application/json", `{"urls":["` + reference + `"]}`, 200, `{"groups":[],"dropped":`, true},
		{"an absolute address", token + "|Content-Type|application/json", `{"urls":["` + s.url + reference + `"]}`, 200, `"dropped":`, true},
		{"an address of another host", token + "|Content-Type|application/json", `{"urls":["http://other.example` + reference + `"]}`, 200, `"dropped":`, false},
		{"a prefix", token + "|Content-Type|application/json", `{"prefix":"/fragments/productdetails/"}`, 200, `"dropped":`, true},
		{"all", token + "|Content-Type|application/json", `{"all":true}`, 200, `"dropped":`, true},
		{"an address, in JSON, and a group in the header", token + `|Content-Type|application/json|Cache-Group-Invalidation|"x"`, `{"urls":["` + reference + `"]}`, 200, `{"groups":["x"],"dropped":`, true},
		{"a text that is no address", token + "|Content-Type|application/json", `{"urls":["products"]}`, 400, `\"products\" cannot be purged`, false},
		{"soft alone", token + "|Content-Type|application/json", `{"soft":true}`, 400, "Nothing is named", false},
		{"addresses that are no list", token + "|Content-Type|application/json", `{"urls":"/x"}`, 422, "urls", false},
		{"no token", `Cache-Group-Invalidation|"product:1"`, "", 401, "token", false},
		{"a wrong token", `Authorization|Bearer x|Cache-Group-Invalidation|"product:1"`, "", 401, "token", false},
		{"no groups", token, "", 400, "Cache-Group-Invalidation", false},
		{"a header that does not parse", token + `|Cache-Group-Invalidation|"product:1`, "", 400, "Cache-Group-Invalidation", false},
		{"broken JSON", token + "|Content-Type|application/json", `{"groups":`, 400, "", false},
		{"JSON of something else", token + "|Content-Type|application/json", `{"group":["product:1"]}`, 400, "", false},
		{"a body that is no JSON", token + "|Content-Type|text/plain", "product:1", 415, "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s.do(http.MethodGet, reference, "")
			got := s.do(http.MethodPost, "/-/invalidate", test.body, strings.Split(test.header, "|")...)
			wantType := "application/json"
			if test.status >= 400 {
				wantType = "application/problem+json"
			}
			if got.StatusCode != test.status || got.Header.Get("Content-Type") != wantType || !strings.Contains(got.body, test.want) {
				t.Errorf("%d %s %s; want %d %s with %s", got.StatusCode, got.Header.Get("Content-Type"), got.body, test.status, wantType, test.want)
			}
			if test.dropped && strings.Contains(got.body, `"dropped":0`) {
				t.Errorf("%s; want at least one", got.body)
			}
			status := s.do(http.MethodGet, reference, "").Header.Get("Cache-Status")
			if hit := strings.Contains(status, "; hit"); hit == test.dropped {
				t.Errorf("Cache-Status = %s afterwards; want the product dropped: %v", status, test.dropped)
			}
		})
	}
}

func TestNobodyInvalidatesWithoutAnAdminToken(t *testing.T) {
	s := startShop(t)
	got := s.do(http.MethodPost, "/-/invalidate", "", "Authorization", "Bearer ", "Cache-Group-Invalidation", `"a"`)
	if got.StatusCode != http.StatusForbidden || !strings.Contains(got.body, "--admin-token") {
		t.Errorf("%d %s; want 403 that names --admin-token", got.StatusCode, got.body)
	}
}
