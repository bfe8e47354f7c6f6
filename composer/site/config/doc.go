// Package config is the configuration file of a site: its keys, its defaults, and the
// errors of a wrong file.
//
//	c, err := config.Load("site.yaml")
//	if err != nil {
//		log.Fatal(err) // site.yaml:3:1: unknown key "fragmnets"; did you mean "fragments"?
//	}
//
// The type [Config] is the only description of the file. Its struct tags have the names of
// the keys, their defaults and their meaning, and each of these is made of them:
//
//   - the strict reader ([Load], [Parse]);
//   - the settings for flags and environment variables ([Settings], [Config.Set]);
//   - the file with comments ([Default]);
//   - the JSON Schema ([Schema]).
//
// The YAML is read by go.yaml.in/yaml/v4, which has a line and a column for each value and
// for each error of the syntax. The package decodes the values itself, because a library
// stops at the first value of a wrong type, or does not tell the column of an unknown key.
package config
