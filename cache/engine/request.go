package engine

import (
	"slices"

	"posthorn/mail"
)

// request is what the user opened. Several for one message are merged.
type request struct {
	message  mail.MessageKey
	sections []string // empty: its text parts
}

// maxRequests bounds what waits for a connection; the oldest are forgotten.
const maxRequests = 100

// open puts a request at the end of the list, which is served first; what was asked for of the same message joins it.
func (w *worker) open(r request) {
	w.mu.Lock()
	sections, rest := slices.Clone(r.sections), w.requests[:0]
	for _, q := range w.requests {
		if q.message == r.message && (len(q.sections) == 0) == (len(r.sections) == 0) {
			sections = append(sections, q.sections...)
		} else {
			rest = append(rest, q)
		}
	}
	slices.Sort(sections)
	w.requests = append(rest, request{r.message, slices.Compact(sections)})
	if n := len(w.requests); n > maxRequests {
		w.requests = slices.Clone(w.requests[n-maxRequests:])
	}
	w.mu.Unlock()
	w.bell.ring()
}

// asked tells whether the person waits for a message.
func (w *worker) asked() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.requests) > 0
}

// answered takes a request off the list.
func (w *worker) answered(r request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests = slices.DeleteFunc(w.requests, func(q request) bool {
		return q.message == r.message && slices.Equal(q.sections, r.sections)
	})
}

// leave takes sections of a message off the list, or all that was asked for of it where none is named.
func (w *worker) leave(key mail.MessageKey, sections []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var rest []request
	for _, q := range w.requests {
		if q.message == key && (len(sections) == 0 || len(q.sections) > 0) {
			q.sections = slices.DeleteFunc(slices.Clone(q.sections), func(s string) bool { return len(sections) == 0 || slices.Contains(sections, s) })
			if len(q.sections) == 0 {
				continue
			}
		}
		rest = append(rest, q)
	}
	w.requests = rest
}
