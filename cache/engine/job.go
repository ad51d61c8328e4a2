package engine

import (
	"slices"
	"time"

	"posthorn/cache"
	"posthorn/mail"
)

// jobKind says what a job does; each is bounded: one window of headers, one range of a part, one set of UIDs.
type jobKind int

const (
	jobNone       jobKind = iota
	jobOpen               // fetch parts of a message the user opened
	jobErrand             // do something to a mailbox itself
	jobOperations         // send wishes that are due
	jobFile               // put a copy of sent mail into Sent
	jobSeek               // look for a message that may have been sent
	jobMirror             // copy a draft into Drafts
	jobFound              // fetch headers of what a search found
	jobList               // LIST and STATUS
	jobSync               // bring one mailbox up to date
	jobStatus             // STATUS of some mailboxes
	jobFlags              // flags of a range of old messages, where the server has no CONDSTORE
	jobBackfill           // one window of older headers
	jobKeep               // a piece of bodies for offline reading
)

type job struct {
	kind    jobKind
	mailbox cache.SyncState // sync, flags, backfill
	list    bool            // sync: the mailbox list comes next
	request request         // open
}

// snapshot is all that nextJob looks at.
type snapshot struct {
	now       time.Time
	requests  []request // newest last
	errand    bool      // something is due to be done to a mailbox itself
	due       bool      // wishes are due
	seeking   bool      // mail that may have been sent is to be looked for
	mirror    bool      // a draft is to be copied into Drafts
	filing    bool      // sent mail waits to be filed
	wanted    bool      // a search found what has no header here
	relist    bool      // the mailbox list is not yet known in this session, or is to be asked for again
	unlisted  bool      // it is not yet known in this session
	focus     []mail.MailboxKey
	mailboxes []cache.SyncState        // those on screen, INBOX, and some of those with something to be fetched
	unasked   bool                     // the list did not tell how some mailboxes stand
	fresh     map[mail.MailboxKey]bool // synchronised in this session and not told to have changed since
	flagsDue  map[mail.MailboxKey]bool // old flags not yet checked in this session
	keep      bool                     // there may be bodies to fetch for offline reading
}

// nextJob picks what matters most to the person at the keyboard. It is pure.
func nextJob(s snapshot) job {
	if n := len(s.requests); n > 0 {
		return job{kind: jobOpen, request: s.requests[n-1]}
	}
	if s.unlisted && (s.errand || s.due) { // somebody may have renamed what these are about
		return job{kind: jobList}
	}
	if s.errand {
		return job{kind: jobErrand}
	}
	if s.due {
		return job{kind: jobOperations}
	}
	stale := func(m cache.SyncState) bool { return !s.fresh[m.Key] }
	if m, ok := s.first(true, stale); ok {
		_, more := s.first(true, func(other cache.SyncState) bool { return stale(other) && other.Key != m.Key })
		return job{kind: jobSync, mailbox: m, list: s.relist && !more}
	}
	if s.relist {
		return job{kind: jobList}
	}
	if s.wanted {
		return job{kind: jobFound}
	}
	if s.filing {
		return job{kind: jobFile}
	}
	if s.seeking {
		return job{kind: jobSeek}
	}
	if s.mirror {
		return job{kind: jobMirror}
	}
	if m, ok := s.first(false, stale); ok {
		return job{kind: jobSync, mailbox: m}
	}
	for _, onScreen := range []bool{true, false} {
		if m, ok := s.first(onScreen, func(m cache.SyncState) bool { return m.Backfill > 1 }); ok {
			return job{kind: jobBackfill, mailbox: m}
		}
		if m, ok := s.first(onScreen, func(m cache.SyncState) bool { return s.flagsDue[m.Key] }); ok {
			return job{kind: jobFlags, mailbox: m}
		}
		if onScreen && s.unasked {
			return job{kind: jobStatus}
		}
	}
	if s.keep {
		return job{kind: jobKeep}
	}
	return job{}
}

// first is the first mailbox that wants something: of those on screen, or of all, INBOX before the others and the one
// that holds what is in the others (Gmail's All Mail) after them.
func (s snapshot) first(onScreen bool, want func(cache.SyncState) bool) (cache.SyncState, bool) {
	for rank := range 3 {
		for _, m := range s.mailboxes {
			if onScreen && !slices.Contains(s.focus, m.Key) || rank != turn(m.Role) || !want(m) {
				continue
			}
			return m, true
		}
	}
	return cache.SyncState{}, false
}

// inboxIsFresh tells whether INBOX is up to date.
func (s snapshot) inboxIsFresh() bool {
	return slices.ContainsFunc(s.mailboxes, func(m cache.SyncState) bool { return m.Role == mail.Inbox && s.fresh[m.Key] })
}

func turn(r mail.Role) int {
	switch r {
	case mail.Inbox:
		return 0
	case mail.All:
		return 2
	}
	return 1
}
