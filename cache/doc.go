// Package cache is posthorn's memory.
package cache
