package cache

import (
	"fmt"
	"slices"
	"strings"

	"posthorn/mail"
	"posthorn/mail/search"
)

// compiler makes SQL of a query.
type compiler struct {
	boxes    []mail.Mailbox
	anywhere bool   // the query names mailboxes: Trash and Junk are not left out
	index    string // to go through mailboxes by; empty: that of all messages
}

// columns are what of the full text a field is looked for in.
var columns = map[search.Field]string{search.Anywhere: "", search.From: "sender : ", search.To: "recipients : ", search.Subject: "subject : ", search.Body: "body : "}

// top parts a query into what the full text can find alone, and what else must hold.
func (c *compiler) top(q search.Query) (match string, rest condition) {
	parts := q.Parts
	if q.Kind != search.All {
		parts = []search.Query{q}
	}
	var with, without []string
	for _, p := range parts {
		if p.Kind == search.Leaf && p.Term.Field == search.Is {
			c.narrow(p.Term)
		}
		if m, ok := text(p); ok {
			with = append(with, m)
		} else if p.Kind != search.Not {
			rest = rest.and(c.condition(p))
		} else if m, ok := text(p.Parts[0]); ok {
			without = append(without, m)
		} else {
			rest = rest.and(c.condition(p))
		}
	}
	if len(with) == 0 {
		for _, m := range without {
			rest = rest.then("NOT", m)
		}
		return "", rest
	}
	match = strings.Join(with, " AND ")
	for _, m := range without {
		match = "(" + match + ") NOT (" + m + ")"
	}
	return match, rest
}

// narrow notes that everything found is unread or starred: there are indexes of such mail.
func (c *compiler) narrow(t search.Term) {
	switch {
	case t.Flag == mail.Seen && t.Unset:
		c.index = "message_by_unseen"
	case t.Flag == mail.Flagged && !t.Unset:
		c.index = "message_by_flagged"
	}
}

// text is a query as the full text takes it; false: it asks for something else, too.
func text(q search.Query) (string, bool) {
	if q.Kind == search.Leaf {
		column, ok := columns[q.Term.Field]
		if !ok {
			return "", false
		}
		return phrase(column, q.Term), true
	}
	if q.Kind == search.Not || len(q.Parts) == 0 {
		return "", false
	}
	parts := make([]string, len(q.Parts))
	for i, p := range q.Parts {
		m, ok := text(p)
		if !ok {
			return "", false
		}
		parts[i] = m
	}
	operator := " AND "
	if q.Kind == search.Any {
		operator = " OR "
	}
	return "(" + strings.Join(parts, operator) + ")", true
}

// condition is any query as a condition on m and b.
func (c *compiler) condition(q search.Query) condition {
	if m, ok := text(q); ok {
		return textual(m)
	}
	var texts []string
	var args []any
	for _, p := range q.Parts {
		d := c.condition(p)
		texts, args = append(texts, d.text), append(args, d.args...)
	}
	switch {
	case q.Kind == search.Leaf:
		return c.term(q.Term)
	case len(texts) == 0:
		return condition{text: "1"}
	case q.Kind == search.Not:
		return condition{"NOT (" + texts[0] + ")", args}
	case q.Kind == search.Any:
		return condition{"(" + strings.Join(texts, " OR ") + ")", args}
	}
	return condition{"(" + strings.Join(texts, " AND ") + ")", args}
}

// term is a term that the full text knows nothing of.
func (c *compiler) term(t search.Term) condition {
	with := func(text string, args ...any) condition { return condition{text, args} }
	switch t.Field {
	case search.Cc:
		return textual(phrase("recipients : ", t)).and(with(`EXISTS (SELECT 1 FROM description d CROSS JOIN json_each(d.envelope, '$.cc') a
			WHERE d.message_id = m.id AND words_in(concat_ws(' ', a.value ->> 'n', a.value ->> 'l', a.value ->> 'd'), ?))`, t.Value))
	case search.Filename:
		const name = `%f":"` // longer beginnings with signs that JSON is full of take twice as long
		candidate := with(fmt.Sprintf("d.structure GLOB '*%s*'", name[1:])).and(perhaps("d.structure", name, t.Value))
		return with("EXISTS (SELECT 1 FROM description d CROSS JOIN json_tree(d.structure) p WHERE d.message_id = m.id AND "+candidate.text+
			" AND p.key = 'f' AND p.type = 'text' AND words_in(p.value, ?))", append(candidate.args, t.Value)...)
	case search.List:
		return with("m.list_id <> ''").and(perhaps("m.list_id", "", t.Value)).and(with("words_in(m.list_id, ?)", t.Value))
	case search.Label:
		return with("instr(' ' || m.shown_keywords, ?) > 0", " "+strings.ToLower(t.Value))
	case search.Is:
		if t.Flag == mail.Junk {
			c.anywhere = true
			return with("(m.shown_flags & ? <> 0 OR b.role = 'junk')", int64(t.Flag))
		}
		if t.Unset { // the flag as a number, as partial indexes have it
			return with(fmt.Sprintf("m.shown_flags & %d = 0", t.Flag))
		}
		return with(fmt.Sprintf("m.shown_flags & %d <> 0", t.Flag))
	case search.Has:
		if t.Value == "label" {
			return with("m.shown_keywords <> ''")
		}
		return with("m.attachments > 0")
	case search.After:
		return with("m.internal_date >= ?", t.Time.Unix())
	case search.Before:
		return with("m.internal_date < ?", t.Time.Unix())
	case search.Larger:
		return with("m.size > ?", t.Size)
	case search.Smaller:
		return with("m.size < ?", t.Size)
	}
	return c.boxed(t)
}

// perhaps is a condition that costs a tenth of words_in and leaves out most: a text of ASCII alone has the words of a value
// as they are, behind start; only of others it cannot tell.
func perhaps(column, start, value string) condition {
	pattern := start + "%"
	for _, w := range search.Words(value) {
		pattern += w.Text + "%"
	}
	return condition{fmt.Sprintf("(%s LIKE ? OR length(%[1]s) <> octet_length(%[1]s))", column), []any{pattern}}
}

// boxed is a term about mailboxes.
func (c *compiler) boxed(t search.Term) condition {
	var keys []mail.MailboxKey
	c.anywhere = c.anywhere || t.Field == search.In
	for _, m := range c.boxes {
		if t.Field == search.Account && begins(m.Account, t.Value) || t.Field == search.In && Called(m, t.Value) {
			keys = append(keys, m.Key)
		}
	}
	return condition{"m.shown_mailbox_id IN (SELECT value FROM json_each(?))", []any{list(keys)}}
}

// Called tells whether a person may mean m by a name: its role, or the beginning of an element of its name.
func Called(m mail.Mailbox, name string) bool {
	if lower := strings.ToLower(name); lower == "anywhere" || lower == "all" || begins(string(m.Role), name) {
		return true
	}
	return begins(m.Name, name) || slices.ContainsFunc(m.Path(), func(part string) bool { return begins(part, name) })
}

func begins(text, start string) bool {
	fold := func(s string) string { return strings.ToLower(search.Fold(s)) }
	return strings.HasPrefix(fold(text), fold(start))
}
