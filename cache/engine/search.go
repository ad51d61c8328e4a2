package engine

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
)

// searcher asks an account's server for what is looked for and not here. It has a connection of its own while it does,
// because a search cannot be taken back and may take minutes: what a person opens must not wait for it. When something is to
// be sent it gives that up, and asks again afterwards. It writes nothing: headers that are missing are the worker's to fetch.
type searcher struct {
	w    *worker
	bell *bell

	mu       sync.Mutex
	view     cache.View // Query nil: nothing is looked for
	number   int        // of the search; grows with each
	finished bool
	why      string                      // not all was asked for; empty: it was, or is being
	told     map[mail.MailboxKey]foundIn // what the server found so far
	drop     context.CancelFunc          // ends the command that runs
	lent     bool                        // it has the account's spare connection
	makesWay bool                        // it is to give that back; never without lent

	// The searcher's own goroutine alone has these.
	s       *imap.Session   // nil: none
	line    context.Context // that it lives as long as
	end     func()          // of line
	dropped bool            // the one before was given up here: the account was paused, or the machine slept
}

// foundIn is what a server found in a mailbox.
type foundIn struct {
	validity mail.UIDValidity
	uids     mail.UIDSet
}

// How long a search may take in one mailbox, how long one may go on that nobody waits for any more before its connection is
// given up, and how long the connection is kept for the next one.
const (
	longestSearch = 2 * time.Minute
	overrun       = 2 * time.Second
	linger        = 30 * time.Second
)

// mostWanted is how many headers are fetched of what was found in one mailbox, the newest.
const mostWanted = 200

// Search asks the servers for what a view's query finds and the database does not; SearchChanged tells that Found has
// something new. The search before ends, and with a view without query there is none.
func (e *Engine) Search(v cache.View) {
	v.Also = nil
	for _, w := range e.workers {
		w.searcher.look(v)
	}
}

// Found is what the servers answered by now.
type Found struct {
	Keys    []mail.MessageKey // that the database does not find by itself
	Asking  []string          // accounts whose servers are still asked
	Unasked []Unasked
}

// Unasked is an account whose server could not be asked for everything.
type Unasked struct{ Account, Why string }

// Found tells what the servers have found for the last Search.
func (e *Engine) Found(ctx context.Context) (Found, error) {
	var out Found
	for _, a := range e.accounts {
		if err := e.workers[a.Name].searcher.answer(ctx, &out); err != nil {
			return Found{}, err
		}
	}
	return out, nil
}

func newSearcher(w *worker) *searcher { return &searcher{w: w, bell: &bell{gauge: w.e.gauge}} }

// look begins another search.
func (r *searcher) look(v cache.View) {
	r.mu.Lock()
	idle := r.view.Query == nil && v.Query == nil
	r.view, r.finished, r.why, r.told = v, v.Query == nil, "", map[mail.MailboxKey]foundIn{}
	r.number++
	if r.drop != nil {
		time.AfterFunc(overrun, r.drop)
	}
	r.mu.Unlock()
	if !idle {
		r.bell.ring()
	}
}

// answer adds what was found.
func (r *searcher) answer(ctx context.Context, out *Found) error {
	r.mu.Lock()
	v, told, name := r.view, r.told, r.w.account.Name
	switch {
	case v.Query == nil:
	case r.why != "":
		out.Unasked = append(out.Unasked, Unasked{name, r.why})
	case !r.finished:
		out.Asking = append(out.Asking, name)
	}
	boxes := make([]mail.MailboxKey, 0, len(told))
	for key := range told {
		boxes = append(boxes, key)
	}
	r.mu.Unlock()
	slices.Sort(boxes)
	for _, key := range boxes {
		r.mu.Lock()
		in := told[key]
		r.mu.Unlock()
		keys, _, err := r.resolve(ctx, v, key, in)
		if err != nil {
			return err
		}
		out.Keys = append(out.Keys, keys...)
	}
	return nil
}

// resolve are the messages with the UIDs that a server told, as long as those mean what they meant.
func (r *searcher) resolve(ctx context.Context, v cache.View, key mail.MailboxKey, in foundIn) (found []mail.MessageKey, missing mail.UIDSet, err error) {
	state, err := r.w.e.store.SyncState(ctx, key)
	switch {
	case mail.KindOf(err) == mail.Gone:
		return nil, nil, nil
	case err != nil:
		return nil, nil, err
	case state.UIDValidity == 0:
		return nil, in.uids, nil
	case state.UIDValidity != in.validity:
		return nil, nil, nil
	}
	return r.w.e.store.FoundAfar(ctx, v, key, in.uids)
}

// run serves one search after the other until ctx ends.
func (r *searcher) run(ctx context.Context) {
	defer r.w.e.gauge.add(-1)
	defer r.disconnect()
	for ctx.Err() == nil {
		r.once(ctx)
		rest := time.Duration(math.MaxInt64)
		if r.s != nil {
			rest = linger
		}
		before := r.bell.strokes()
		_ = r.bell.rest(ctx, func(ctx context.Context) error { return nap(ctx, rest) })
		if r.bell.strokes() == before || r.isToMakeWay() {
			r.disconnect()
		}
	}
}

// once does what there is to be done for the last search.
func (r *searcher) once(ctx context.Context) {
	r.mu.Lock()
	v, number, due := r.view, r.number, !r.finished && r.view.Query != nil
	r.mu.Unlock()
	if !due {
		return
	}
	if !r.w.standing.isUp() { // it rings when it is
		r.stop(number, false, r.away())
		return
	}
	boxes, err := r.w.e.store.Afar(ctx, v, r.w.account.Name)
	if err != nil {
		r.stop(number, true, mail.Reason(err))
		return
	}
	refused := ""
	for _, box := range boxes {
		in, err := r.ask(ctx, number, box)
		switch mail.KindOf(err) {
		case mail.Rejected, mail.Temporary, mail.Gone:
			if r.s != nil { // about this mailbox: the connection stands
				refused = mail.Reason(err)
				continue
			}
		}
		if err != nil && r.dropped {
			r.stop(number, false, r.away())
			return
		}
		if err != nil {
			r.stop(number, true, mail.Reason(err))
			return
		}
		if !r.tell(ctx, v, number, box, in) {
			return
		}
	}
	r.stop(number, true, refused)
}

// away is why a search waits for the account to be up.
func (r *searcher) away() string {
	if r.w.lines.isPaused() {
		return "paused"
	}
	return "offline"
}

// ask searches one mailbox, once more where it made way meanwhile.
func (r *searcher) ask(ctx context.Context, number int, box cache.Afar) (in foundIn, err error) {
	for {
		if r.isToMakeWay() {
			r.disconnect()
		}
		if err := r.borrow(ctx); err != nil {
			return foundIn{}, err
		}
		if in, err = r.askOnce(ctx, number, box); err == nil || !r.isToMakeWay() {
			return in, err
		}
	}
}

func (r *searcher) askOnce(ctx context.Context, number int, box cache.Afar) (foundIn, error) {
	ctx, cancel := context.WithTimeout(ctx, longestSearch)
	defer cancel()
	r.mu.Lock()
	r.drop = cancel
	over := r.number != number || r.makesWay
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		r.drop = nil
		r.mu.Unlock()
	}()
	if over {
		return foundIn{}, context.Canceled
	}
	if err := r.connect(ctx); err != nil {
		return foundIn{}, err
	}
	got, err := r.s.Examine(ctx, box.Name)
	var uids mail.UIDSet
	if err == nil && got.Exists > 0 {
		uids, err = r.s.Search(ctx, box.Query)
	}
	switch mail.KindOf(err) {
	case mail.Offline, mail.Protocol, mail.Canceled, mail.Auth:
		if err != nil {
			r.hangUp()
		}
	}
	if got.UIDNext > 0 { // what no message has yet, it cannot have found
		uids = uids.Within(1, got.UIDNext-1)
	}
	return foundIn{got.UIDValidity, uids}, err
}

// borrow takes the account's spare connection, unless it has it.
func (r *searcher) borrow(ctx context.Context) error {
	if r.lent {
		return nil
	}
	return r.w.spare.forSearch(ctx, func() {
		r.mu.Lock()
		r.lent = true
		r.mu.Unlock()
	})
}

// makeWay has the spare connection given back at once. Any goroutine may call it.
func (r *searcher) makeWay() {
	r.mu.Lock()
	lent := r.lent
	r.makesWay = lent
	if lent && r.drop != nil {
		r.drop()
	}
	r.mu.Unlock()
	if lent {
		r.bell.ring()
	}
}

func (r *searcher) isToMakeWay() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.makesWay
}

func (r *searcher) connect(ctx context.Context) error {
	if r.s != nil {
		return nil
	}
	line, end := r.w.lines.with(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, end) // until it stands
	password, err := r.w.e.opt.Secrets.Password(line, r.w.account)
	var s *imap.Session
	if err == nil {
		s, err = r.w.e.connect(line, r.w.account, password) // refused: the worker, who got in with it, is to find out why
	}
	if !stop() && err == nil { // given up just when it stood
		s.Close()
		err = ctx.Err()
	}
	if err != nil {
		r.dropped = line.Err() != nil && ctx.Err() == nil
		end()
		return err
	}
	r.s, r.line, r.end, r.dropped = s, line, end, false
	return nil
}

// hangUp ends the connection there is; the next one may be made at once.
func (r *searcher) hangUp() {
	if r.s != nil {
		r.dropped = r.line.Err() != nil
		r.s.Close()
		r.end()
		r.s = nil
	}
}

// disconnect ends the connection and gives it back.
func (r *searcher) disconnect() {
	r.hangUp()
	r.mu.Lock()
	lent := r.lent
	r.lent, r.makesWay = false, false
	r.mu.Unlock()
	if lent {
		<-r.w.spare.line
	}
}

// tell keeps what was found in a mailbox, and has the worker fetch headers that are missing; false: nobody looks for it any
// more.
func (r *searcher) tell(ctx context.Context, v cache.View, number int, box cache.Afar, in foundIn) bool {
	r.mu.Lock()
	current := r.number == number
	if current && len(in.uids) > 0 {
		r.told[box.Key] = in
	}
	r.mu.Unlock()
	if !current || len(in.uids) == 0 {
		return current
	}
	_, missing, err := r.resolve(ctx, v, box.Key, in)
	if err == nil && len(missing) > 0 {
		r.w.want(box.Key, foundIn{in.validity, missing.Newest(mostWanted)})
	}
	r.w.e.box.post(mail.Event{Kind: mail.SearchChanged, Account: r.w.account.Name})
	return true
}

// stop notes how a search stands that does not go on.
func (r *searcher) stop(number int, finished bool, why string) {
	r.mu.Lock()
	current := r.number == number
	if current {
		r.finished, r.why = finished, why
	}
	r.mu.Unlock()
	if current {
		r.w.e.box.post(mail.Event{Kind: mail.SearchChanged, Account: r.w.account.Name})
	}
}

// want has headers fetched of what a search found.
func (w *worker) want(key mail.MailboxKey, in foundIn) {
	w.mu.Lock()
	w.wanted[key] = in
	w.mu.Unlock()
	w.bell.ring()
}

// fetchFound fetches headers of what a search found in one mailbox.
func (w *worker) fetchFound(ctx context.Context, s *imap.Session) error {
	w.mu.Lock()
	var key mail.MailboxKey
	var in foundIn
	for key, in = range w.wanted {
		break
	}
	delete(w.wanted, key)
	w.mu.Unlock()
	have, err := w.e.store.SyncState(ctx, key)
	if err == nil && have.UIDValidity == 0 {
		if err := w.sync(ctx, s, have); err != nil {
			return err
		}
		have, err = w.e.store.SyncState(ctx, key)
	}
	if mail.KindOf(err) == mail.Gone || err == nil && have.UIDValidity != in.validity {
		return nil
	}
	if err == nil {
		err = w.selectFor(ctx, s, have)
	}
	if err == nil {
		w.show(State{Phase: Working, Text: "fetching what was found in " + have.Name})
		err = w.fetch(ctx, s, have, in.uids)
	}
	w.e.box.post(mail.Event{Kind: mail.SearchChanged, Account: w.account.Name})
	return w.lost(have, err)
}
