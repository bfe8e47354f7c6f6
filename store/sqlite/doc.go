// Package sqlite opens a [store.Store] in an SQLite file or in memory. The
// driver is written in Go, so that the program needs no C compiler.
//
//	s, err := sqlite.Open(ctx, "shop.db")
//	if err != nil {
//		return err
//	}
//	defer s.Close()
//	page, err := s.Products(ctx, store.Query{Text: "linen"})
//
// # The file
//
// Beside the file stand two others whose names end in -wal and -shm; they
// belong to it while it is open. Several processes on one machine may open the
// same file, which must not be on a network file system. One of them writes at
// a time; the others wait for up to five seconds, then get [store.ErrBusy].
// Readers wait for nobody.
//
// A process learns with [store.Store.Follow] what others write.
//
// Every process holds a lock on a third file, whose name ends in -lock. The one
// that opens the database when nobody else has it open begins another
// [store.Store.Epoch].
//
// All of them have the mode 0600, whatever that of their folder, because they
// hold addresses.
//
// # Durability
//
// What a method has confirmed is on the disk: it survives the end of the
// process by kill -9 and a power cut. Each write therefore waits for the disk
// once.
package sqlite
