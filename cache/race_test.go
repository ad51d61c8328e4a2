//go:build race

package cache

// raced: the race detector makes everything ten times slower.
const raced = true
