// Package storetest is the suite that a database passes before a shop keeps
// its data in it: everything that the documentation of package store promises.
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(tb testing.TB) *store.Store {
//			return open(tb, emptyDatabase(tb))
//		})
//		storetest.RunShared(t, func(tb testing.TB) (a, b *store.Store) {
//			db := emptyDatabase(tb)
//			return open(tb, db), open(tb, db)
//		})
//	}
//
// # Stores
//
// Each call must return stores on an empty database of its own, and close them
// when the test ends, with [testing.TB.Cleanup].
package storetest
