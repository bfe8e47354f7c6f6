package hub_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"selvedge/hub"
)

// pages is a composer whose views are fragments of their own, each of the
// group of its name. Tokens are the page itself, or the name of an error.
type pages struct {
	mu      sync.Mutex
	content map[string]hub.Fragment
	fail    map[string]error
	fetched map[string]int
	stored  map[string]hub.Fragment // answers to a fetch that may be older
	delay   map[string]time.Duration
}

func newPages() *pages {
	return &pages{
		content: make(map[string]hub.Fragment),
		fail:    make(map[string]error),
		fetched: make(map[string]int),
		stored:  make(map[string]hub.Fragment),
		delay:   make(map[string]time.Duration),
	}
}

var tokenErrors = map[string]error{
	"forged":  hub.ErrToken,
	"expired": hub.ErrExpired,
	"foreign": hub.ErrSession,
}

func (p *pages) Open(_ *http.Request, token string) (hub.Page, error) {
	if err := tokenErrors[token]; err != nil {
		return hub.Page{}, fmt.Errorf("open: %w", err)
	}
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return hub.Page{}, hub.ErrToken
	}
	var page hub.Page
	if err := json.Unmarshal(b, &page); err != nil {
		return hub.Page{}, hub.ErrToken
	}
	return page, nil
}

func (p *pages) Renew(page hub.Page) (string, time.Time) {
	next := time.Now().Add(8 * time.Hour)
	page.RenewAt = next
	return pageToken(page), next
}

func (p *pages) Fetch(_ context.Context, v hub.View, since time.Time) (hub.Fragment, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fetched[v.Reference]++
	f, ok := p.content[v.Reference]
	if stored, has := p.stored[v.Reference]; has && !stored.Date.Before(since) {
		f = stored
	}
	err := p.fail[v.Reference]
	if delay := p.delay[v.Reference]; delay > 0 {
		p.mu.Unlock()
		<-time.After(delay)
		p.mu.Lock()
	}
	switch {
	case err != nil:
		return hub.Fragment{}, err
	case !ok:
		return hub.Fragment{}, hub.ErrGone
	}
	return f, nil
}

// set changes a view to a number, which is its text, revision and ETag.
func (p *pages) set(reference string, number int64) {
	p.put(reference, hub.Fragment{
		Body:     []byte(element(reference, number)),
		ETag:     fmt.Sprintf(`"%d"`, number),
		Groups:   []string{reference},
		Revision: number,
	})
}

func (p *pages) put(reference string, f hub.Fragment) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.content[reference] = f
}

// store has a cache hold a view as it was at a time.
func (p *pages) store(reference string, f hub.Fragment, date time.Time) {
	f.Date = date
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stored[reference] = f
}

func (p *pages) fails(reference string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fail[reference] = err
}

// slow has a view answer, after a while, what it was at the start.
func (p *pages) slow(reference string, delay time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay[reference] = delay
}

func (p *pages) fetches(reference string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fetched[reference]
}

// shown is the view as a page shows it at that number.
func shown(reference string, number int64) hub.Shown {
	return hub.Shown{View: hub.View{Reference: reference}, ETag: fmt.Sprintf(`"%d"`, number), Revision: number}
}

// token is what a page of the epoch of these tests presents.
func token(views ...hub.Shown) string {
	return pageToken(hub.Page{Session: "s", Epoch: epoch, Views: views})
}

func pageToken(p hub.Page) string {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

const epoch = "tests"

func element(reference string, number int64) string {
	return fmt.Sprintf(`<b id="%s" data-revision="%d">%d</b>`, reference, number, number)
}

// swapped is the element as it is sent.
func swapped(reference string, number int64) string {
	return fmt.Sprintf(`<b hx-swap-oob="true" id="%s" data-revision="%d">%d</b>`, reference, number, number)
}

// broken is a broker that reaches nobody.
type broken struct{}

func (broken) Subscribe(context.Context, func([]string)) error { return nil }

func (broken) Publish(context.Context, []string) error { return errors.New("no network") }
