module example.com/embed

go 1.26

require selvedge v0.0.0

replace selvedge => ../../../..
