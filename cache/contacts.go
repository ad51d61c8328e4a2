package cache

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"posthorn/mail"
)

// maxMet is how many recipients of one message become contacts: more is a mailing, not acquaintance.
const maxMet = 30

// contact is what a batch of mail teaches about one address.
type contact struct {
	mail.Address
	written, received int
	last              int64
}

// meet learns addresses from mail: those the user wrote to from mailboxes of sent mail, and those of senders from the
// others. Senders of lists and programs are known but count nothing; junk teaches nothing.
func (t *transaction) meet(lessons []lesson) error {
	met := map[string]*contact{}
	for _, l := range lessons {
		e := &l.envelope
		switch l.role {
		case mail.Junked, mail.Trash, mail.Drafts:
		case mail.Sent:
			for _, to := range [][]mail.Address{e.To, e.Cc, e.Bcc} {
				noteContacts(met, to[:min(len(to), maxMet)], l.when, contact{written: 1})
			}
		default:
			personal := 1
			if e.ListID != "" || e.ListUnsubscribe != "" || e.AutoSubmitted != "" && e.AutoSubmitted != "no" {
				personal = 0
			}
			noteContacts(met, e.From[:min(len(e.From), maxMet)], l.when, contact{received: personal})
		}
	}
	return t.storeContacts(met)
}

func noteContacts(met map[string]*contact, list []mail.Address, when int64, more contact) {
	for _, a := range list {
		if !a.Valid() {
			continue
		}
		key := strings.ToLower(a.Addr())
		c := met[key]
		if c == nil {
			c = &contact{Address: a}
			met[key] = c
		}
		if when >= c.last && a.Name != "" || c.Name == "" {
			c.Address = a
		}
		c.written, c.received, c.last = c.written+more.written, c.received+more.received, max(c.last, when)
	}
}

func (t *transaction) storeContacts(met map[string]*contact) error {
	t.met = t.met || len(met) > 0
	keys := slices.Sorted(maps.Keys(met)) // in the order of the pages they are on
	return bulk(t, "INSERT INTO contact (address, name, local, domain, words, written, received, last_used) VALUES",
		` ON CONFLICT DO UPDATE SET written = written + excluded.written, received = received + excluded.received,
			name = iif(excluded.name <> '' AND (excluded.last_used >= last_used OR name = ''), excluded.name, name),
			words = iif(excluded.name <> '' AND (excluded.last_used >= last_used OR name = ''), excluded.words, words),
			last_used = max(last_used, excluded.last_used)`, keys, func(row []any, key string) []any {
			c := met[key]
			return append(row, key, bounded(c.Name, maxName), c.Local, c.Domain, words(c.Address), int64(c.written), int64(c.received), c.last)
		})
}

// maxName bounds what a sender can make us offer as a name, in octets.
const maxName = 200

// words is where a prefix is looked for: each word of the name and the address, a space before each.
func words(a mail.Address) string {
	name := strings.FieldsFunc(bounded(a.Name, maxName), func(r rune) bool { return strings.ContainsRune(" \t\r\n\",.()<>'", r) })
	return strings.ToLower(" " + strings.Join(name, " ") + " " + a.Addr())
}

// acquaintances are all contacts in memory, the ones most likely meant first: a scan of the table takes longer than a key
// press may. They are read again where mail was learned since; many of them not more often than every half minute.
type acquaintances struct {
	learned atomic.Int64 // bumped after each transaction that stores contacts
	foreign bool         // another program stores them: learned tells nothing

	mu   sync.Mutex
	read int64     // learned when list was read
	at   time.Time // when that was; zero: never
	list []acquaintance
}

type acquaintance struct {
	mail.Address
	words string
}

const (
	manyContacts  = 5000
	contactsPause = 30 * time.Second
)

// all are the contacts. The slice is not written to again.
func (k *acquaintances) all(ctx context.Context, db querier) ([]acquaintance, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	learned := k.learned.Load()
	if !k.at.IsZero() && (k.read == learned && !k.foreign || (len(k.list) >= manyContacts || k.foreign) && time.Since(k.at) < contactsPause) {
		return k.list, nil
	}
	list, err := collect(ctx, db, func(rows *sql.Rows) (a acquaintance, err error) {
		err = rows.Scan(&a.Name, &a.Local, &a.Domain, &a.words)
		return a, err
	}, `SELECT name, local, domain, words FROM contact, (SELECT max(last_used) AS newest FROM contact)
		ORDER BY written > 0 DESC, (4 * written + received) / (1 + (newest - last_used) / 7776000.0) DESC, last_used DESC, address`)
	if err == nil {
		k.list, k.read, k.at = list, learned, time.Now()
	}
	return k.list, err
}

// Contacts are up to n addresses of which a word of the name, or the address, begins with prefix, in any case: those
// the user wrote to before those who wrote to the user, each by how often and how recently. Somebody last heard of a
// quarter of a year before the newest counts half.
func (r *Reader) Contacts(ctx context.Context, prefix string, n int) (found []mail.Address, err error) {
	all, err := r.people.all(ctx, r.db)
	prefix = " " + strings.ToLower(strings.Join(strings.Fields(prefix), " "))
	for i := range all {
		if len(found) == n {
			break
		}
		if strings.Contains(all[i].words, prefix) {
			found = append(found, all[i].Address)
		}
	}
	return found, fail("look for addresses", err)
}
