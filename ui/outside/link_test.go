package outside

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"posthorn/cache"
)

const tides = "mailto:ben@okafor.example?subject=Tides"

// Whoever holds the database opens the link, or ends: then it is there for the next one.
func TestALinkIsForThePosthornThatRunsOrTheNext(t *testing.T) {
	for name, takes := range map[string]bool{"opened": true, "ended": false} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			store, err := cache.Open(t.Context(), dir, cache.Options{})
			if err != nil {
				t.Fatal(err)
			}
			running := make(chan error)
			go func() {
				for {
					links, err := store.HandedLinks(t.Context())
					if err == nil && len(links) == 0 {
						continue
					}
					if takes && err == nil {
						err = store.Choose(t.Context(), links[0].Name, "")
					} else {
						err = errors.Join(err, store.Close())
					}
					running <- err
					return
				}
			}()
			var said bytes.Buffer
			done, err := Link(t.Context(), &said, dir, tides)
			if err := errors.Join(err, <-running); err != nil || done != takes || strings.Contains(said.String(), "has opened it") != takes {
				t.Fatalf("done %v, said %q, %v", done, said.String(), err)
			}
			if takes {
				if err := store.Close(); err != nil {
					t.Fatal(err)
				}
			}
			next, err := cache.Open(t.Context(), dir, cache.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer next.Close()
			if left, err := next.HandedLinks(t.Context()); err != nil || len(left) == 1 == takes || !takes && left[0].Value != tides {
				t.Errorf("left %v, %v", left, err)
			}
		})
	}
}

func TestALinkThatIsNoneIsRefusedWhereItWasUsed(t *testing.T) {
	dir := t.TempDir()
	store, err := cache.Open(t.Context(), dir, cache.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	done, err := Link(t.Context(), nil, dir, "mailto:ben@okafor.example?subject=x%0d%0aBcc:%20e@evil.example")
	if !done || err == nil || !strings.Contains(err.Error(), "line break") {
		t.Errorf("done %v, %v", done, err)
	}
	if left, err := store.HandedLinks(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("left %v, %v", left, err)
	}
}
