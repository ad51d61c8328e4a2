package cache

import (
	"context"
	"maps"
	"slices"

	"posthorn/mail"
)

// Labels are the labels that messages have, sorted.
func (r *Reader) Labels(ctx context.Context) ([]string, error) {
	sets, err := collect(ctx, r.db, column[mail.Keywords], "SELECT DISTINCT shown_keywords FROM message WHERE shown_keywords <> ''")
	if err != nil {
		return nil, fail("read the labels", err)
	}
	known := map[string]bool{}
	for _, set := range sets {
		for _, name := range set.Labels() {
			known[name] = true
		}
	}
	return slices.Sorted(maps.Keys(known)), nil
}
