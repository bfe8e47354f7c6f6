// Package livebench measures live connections: a server in a process of its own,
// with thousands of pages connected to it.
//
// A [Bench] has the pages and the samples of all rounds. Each measurement is a
// method with a file of its own, in which its lines of the table and their
// targets stand too:
//
//	b, err := livebench.New(livebench.DefaultPlan(10000), os.Stderr)
//	defer b.Close()
//	err = b.MeasureServer(ctx, systemundertest.Hub, []livebench.Step{
//		{Part: livebench.Memory, Measure: b.MeasureMemory},
//		{Part: livebench.Idle, Measure: b.MeasureIdle},
//	})
//	err = errors.Join(report.WriteTable(os.Stdout, b.Lines(selection)), b.Err())
package livebench
