// Package configs is what an operator can decide: one typed tree of options
// with its defaults, read from a strict YAML file, the environment and flags,
// and the starter files that travel inside the binary (entities, sources).
//
// Precedence, weakest first: [Default], the file, WIREWATCH_* variables, flags.
// Nothing below package main knows that there is a file: values are copied
// into the Options of the packages that use them.
package configs
