// Package pagebench measures pages with includes: ours as a proxy and in process,
// beside a bare handler that writes the same bytes, nginx and Varnish.
//
// A [Bench] has the systems and the samples of all rounds. Each row of the table
// is measured by a method, with its lines and targets beside it:
//
//	b := pagebench.New(pagebench.DefaultPlan(time.Second), os.Stderr)
//	defer b.Close()
//	err := b.StartSystems(ctx, "")
//	b.VerifyPages(ctx)
//	for round := range 5 {
//		err = errors.Join(err, b.MeasureCached(ctx, round))
//	}
//	err = errors.Join(err, report.WriteTable(os.Stdout, b.Lines(report.Selection{pagebench.Cached})), b.Err())
package pagebench
