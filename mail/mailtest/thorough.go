package mailtest

import (
	"os"
	"testing"
)

// Thorough tells whether a test that can go on for minutes is to: in continuous integration, but not under the race
// detector, which makes everything ten times slower. A person gets a sample.
func Thorough() bool { return os.Getenv("CI") == "true" && !testing.Short() && !raced }

// Raced tells whether the race detector is at work, which also allocates.
func Raced() bool { return raced }
