//go:build race

package mailtest

const raced = true
