package cache

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"

	"github.com/mattn/go-sqlite3"

	"posthorn/mail"
	"posthorn/mail/search"
)

// fewEnough is how many messages the full text may find for them to be read and sorted by date; where it finds more, the
// lists are gone through from the newest message on until enough are found. A test lowers it.
var fewEnough = 3000

// searching is the driver of connections that know words_in and base_subject.
var searching = sync.OnceValue(func() string {
	const name = "sqlite3 of posthorn"
	sql.Register(name, &sqlite3.SQLiteDriver{ConnectHook: func(conn *sqlite3.SQLiteConn) error {
		if err := conn.RegisterFunc("base_subject", mail.BaseSubject, true); err != nil {
			return err
		}
		return conn.RegisterFunc("words_in", func(text, words string) bool { return len(search.Hits(text, words, false)) > 0 }, true)
	}})
	return name
})

// found are the sources of what a query finds. Where the view names no mailboxes, messages in Trash and Junk are found only where the query names a
// mailbox; those that lie in Gmail's All Mail as well as elsewhere are found elsewhere.
func (r *Reader) found(ctx context.Context, v View) ([]source, error) {
	c, scope, err := r.scope(ctx, v)
	if err != nil {
		return nil, err
	}
	match, rest := c.top(*v.Query)
	keys := list(keysOfBoxes(scope))
	filter := rest.and(v.flags())
	var few []mail.MessageKey
	all := false
	if match != "" {
		if few, all, err = r.few(ctx, match); err != nil {
			return nil, err
		}
	}
	var out []source
	switch {
	case match == "":
		out = c.listed(scope, filter)
	case all:
		out = []source{among(few, condition{"m.shown_mailbox_id IN (SELECT value FROM json_each(?))", []any{keys}}.and(filter).and(once(scope)))}
	default:
		out = c.listed(scope, filter.then("", match))
	}
	if len(v.Also) > 0 {
		out = append(out, among(v.Also, v.flags().and(beyond(match, rest))))
	}
	return out, nil
}

// scope are the mailboxes in which a view looks, with a compiler of its query.
func (r *Reader) scope(ctx context.Context, v View) (*compiler, []mail.Mailbox, error) {
	boxes, err := shownMailboxes(ctx, r.db)
	if err != nil {
		return nil, nil, err
	}
	c := &compiler{boxes: boxes}
	v.Query.Walk(func(t search.Term, _ bool) { c.anywhere = c.anywhere || t.Field == search.In || t.Flag == mail.Junk })
	var scope []mail.Mailbox
	for _, m := range boxes {
		everywhere := len(v.Mailboxes) == 0 && !m.NoSelect && (c.anywhere || m.Role != mail.Trash && m.Role != mail.Junked)
		if everywhere || slices.Contains(v.Mailboxes, m.Key) {
			scope = append(scope, m)
		}
	}
	return c, scope, nil
}

// beyond is the condition that the database does not find a message by itself.
func beyond(match string, rest condition) condition {
	known := rest
	if match != "" {
		known = textual(match).and(rest)
	}
	return condition{"NOT (" + known.and(condition{}).text + ")", known.args}
}

// few are the messages that the full text finds; all is false where they are too many to be sorted.
func (r *Reader) few(ctx context.Context, match string) (few []mail.MessageKey, all bool, err error) {
	few, err = collect(ctx, r.db, column[mail.MessageKey], "SELECT rowid FROM message_fts WHERE message_fts MATCH ? LIMIT ?", match, fewEnough+1)
	return few, len(few) <= fewEnough, err
}

// among is a source of some messages.
func among(keys []mail.MessageKey, filter condition) source {
	return messages("FROM json_each(?) k CROSS JOIN message m ON m.id = k.value CROSS JOIN mailbox b ON b.id = m.shown_mailbox_id WHERE "+filter.and(condition{}).text,
		append([]any{list(keys)}, filter.args...)...)
}

// flags are the filters of a view.
func (v View) flags() condition {
	c := condition{}
	if v.Unseen {
		c = c.and(condition{text: "m.shown_flags & 1 = 0"})
	}
	if v.Flagged {
		c = c.and(condition{text: "m.shown_flags & 4 <> 0"})
	}
	return c
}

func keysOfBoxes(boxes []mail.Mailbox) []mail.MailboxKey {
	keys := make([]mail.MailboxKey, len(boxes))
	for i, m := range boxes {
		keys[i] = m.Key
	}
	return keys
}

// listed goes through each mailbox by date.
func (c *compiler) listed(scope []mail.Mailbox, filter condition) []source {
	var out []source
	for _, m := range scope {
		f := filter
		if m.Role == mail.All {
			f = once(scope).and(filter)
		}
		out = append(out, messages("FROM message m INDEXED BY "+cmp.Or(c.index, "message_by_list")+" CROSS JOIN mailbox b ON b.id = m.shown_mailbox_id WHERE m.shown_mailbox_id = ? AND "+f.text,
			append([]any{m.Key}, f.args...)...))
	}
	return out
}

// once leaves out what lies in All Mail where the same message is in another mailbox of the scope.
func once(scope []mail.Mailbox) condition {
	if !slices.ContainsFunc(scope, func(m mail.Mailbox) bool { return m.Role == mail.All }) {
		return condition{}
	}
	return condition{`NOT (b.role = 'all' AND m.message_id <> '' AND EXISTS (SELECT 1 FROM message d WHERE d.thread_id = m.thread_id
		AND d.message_id = m.message_id AND d.id <> m.id AND d.shown_mailbox_id IN (SELECT value FROM json_each(?))))`, []any{list(keysOfBoxes(scope))}}
}

// condition is what stands in WHERE; the zero condition asks for nothing.
type condition struct {
	text string
	args []any
}

func (c condition) and(d condition) condition {
	switch {
	case c.text == "" || c.text == "1":
		if d.text == "" {
			return condition{text: "1"}
		}
		return d
	case d.text == "" || d.text == "1":
		return c
	}
	return condition{c.text + " AND " + d.text, slices.Concat(c.args, d.args)}
}

// textual is the condition that the full text finds a message.
func textual(match string) condition { return condition{}.then("", match) }

// then is c, and that the full text finds a message, or with "NOT" that it does not. That is asked where c holds: SQLite
// asks first what an index covers, as it does m.id, and would gather all that a common word finds for a c that holds nowhere.
func (c condition) then(not, match string) condition {
	key := "m.id"
	if c.text != "" && c.text != "1" {
		key = "m.id + 0 * m.size"
	}
	return c.and(condition{not + " " + key + " IN (SELECT rowid FROM message_fts WHERE message_fts MATCH ?)", []any{match}})
}

// phrase is a value as the full text looks for it: its words beside each other, the last one possibly longer.
func phrase(column string, t search.Term) string {
	all := search.Words(t.Value)
	texts := make([]string, len(all))
	for i, w := range all {
		texts[i] = w.Text
	}
	s := column + `"` + strings.ReplaceAll(strings.Join(texts, " "), `"`, "") + `"`
	if last := all[len(all)-1].Text; !t.Whole && search.Begins(last) {
		s += "*"
	}
	return s
}
