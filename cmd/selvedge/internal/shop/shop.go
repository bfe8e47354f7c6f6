package shop

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"log/slog"
	"net/http"
	"sync"

	"selvedge/cmd/selvedge/internal/shop/datafolder"
	"selvedge/composer/site"
	"selvedge/composer/site/config"
	"selvedge/fragments"
	"selvedge/fragments/cart"
	"selvedge/fragments/productdetails"
	"selvedge/fragments/productlist"
	"selvedge/fragments/shell"
	"selvedge/store"
)

// Options are the data of a shop, and what its pages load.
type Options struct {
	// Folder has the database.
	Folder datafolder.Folder
	// Products fills an empty store with this many generated products, instead of the
	// catalogue. Default: 0, the catalogue.
	Products int
	// Scripts are files of scripts that pages load instead of the script that comes with
	// the shop. Default: none.
	Scripts []string
	// Dev puts a switch on every page that makes live connections fail.
	Dev bool
	// Logger is that of all parts of the shop.
	Logger *slog.Logger
}

// Shop is the data of a shop, with the fragments that show it.
type Shop struct {
	logger    *slog.Logger
	store     *store.Store
	follower  *store.Follower // of the store, since before the first request
	key       []byte          // signs sessions and page tokens
	scripts   scripts
	fragments []*fragments.Fragment
	prepare   func(*config.Config) // beside the key; nil: nothing
	site      *site.Site           // of NewSite or NewFragmentSite
}

// Open opens the data of a shop, and fills an empty store. Close it at the end.
func Open(ctx context.Context, o Options) (*Shop, error) {
	s := &Shop{logger: o.Logger}
	var err error
	if s.store, err = openStore(ctx, o.Folder, o.Products, o.Logger); err != nil {
		return nil, err
	}
	if s.follower, err = s.store.Follow(ctx); err != nil {
		_ = s.store.Close()
		return nil, err
	}
	if err := s.openFragments(ctx, o); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// openFragments makes the fragments of an open store.
func (s *Shop) openFragments(ctx context.Context, o Options) (err error) {
	if s.key, err = o.Folder.TokenKey(ctx, s.store); err != nil {
		return err
	}
	if s.scripts, err = readScripts(o.Scripts); err != nil {
		return err
	}
	s.fragments, err = newFragments(s.store, shell.Options{Scripts: s.scripts.urls, Dev: o.Dev}, s.key, s.authorize("Setting the stock"))
	return err
}

// newFragments returns the fragments of a shop. The key of links to orders is derived from
// key. The function authorize refuses changes of the stock.
func newFragments(s *store.Store, o shell.Options, key []byte, authorize func(http.ResponseWriter, *http.Request) error) ([]*fragments.Fragment, error) {
	layout, err := shell.New(o)
	if err != nil {
		return nil, err
	}
	list, err := productlist.New(s)
	if err != nil {
		return nil, err
	}
	details, err := productdetails.New(s, authorize)
	if err != nil {
		return nil, err
	}
	linkKey, err := hkdf.Key(sha256.New, key, nil, "links to orders", sha256.Size)
	if err != nil {
		return nil, err
	}
	basket, err := cart.New(s, cart.Options{LinkKey: linkKey})
	if err != nil {
		return nil, err
	}
	return []*fragments.Fragment{layout, list, details, basket}, nil
}

// Manifests returns the manifests of the fragments of every shop.
func Manifests() ([]fragments.Manifest, error) {
	all, err := newFragments(nil, shell.Options{}, nil, nil)
	if err != nil {
		return nil, err
	}
	var manifests []fragments.Manifest
	for _, f := range all {
		manifests = append(manifests, f.Manifest())
	}
	return manifests, nil
}

// Fragments returns the fragments of the shop.
func (s *Shop) Fragments() []*fragments.Fragment { return s.fragments }

// Prepare gives a configuration what its file does not have: the key in the data folder, which
// all processes of a folder share, and for a fragment alone the fragment. The configuration of
// a reload needs it too.
func (s *Shop) Prepare(c *config.Config) {
	c.Key = config.Secret(s.key)
	if s.prepare != nil {
		s.prepare(c)
	}
}

// Run keeps the site of NewSite or NewFragmentSite true, until ctx ends: it invalidates what
// other processes of the data folder write, and ends old carts.
func (s *Shop) Run(ctx context.Context) {
	var running sync.WaitGroup
	running.Go(func() { follow(ctx, s.follower, s.site.Invalidate, s.logger) })
	endCarts(ctx, s.store, s.logger)
	running.Wait()
}

// Close closes the data. The site must be closed before, and Run must have returned.
func (s *Shop) Close() {
	if err := s.follower.Close(); err != nil {
		s.logger.Error("close store", "err", err)
	}
	if err := s.store.Close(); err != nil {
		s.logger.Error("close store", "err", err)
	}
}
