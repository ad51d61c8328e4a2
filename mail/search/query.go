// Package search is the language in which mail is looked for: what a person types becomes a Query, and words become
// the form in which they are compared. It is pure, and refuses to look for anything itself: the cache makes SQL of a
// query, mail/imap makes SEARCH keys.
package search

import (
	"fmt"
	"time"

	"posthorn/mail"
)

// Field is what of a message a term is about.
type Field string

// The fields; each but Anywhere is an operator of the language: "from:anna".
const (
	Anywhere Field = "" // subject, senders, recipients and text
	From     Field = "from"
	To       Field = "to" // To, Cc and Bcc
	Cc       Field = "cc"
	Subject  Field = "subject"
	Body     Field = "body"
	List     Field = "list"
	Filename Field = "filename"
	Label    Field = "label"
	Is       Field = "is"
	Has      Field = "has"
	In       Field = "in"
	Account  Field = "account"
	Before   Field = "before"
	After    Field = "after"
	Larger   Field = "larger"
	Smaller  Field = "smaller"
)

// Kind is how the parts of a query belong together.
type Kind int

// The kinds of Query.
const (
	All  Kind = iota // all parts; without any it finds everything
	Any              // at least one part
	Not              // not the one part
	Leaf             // Term
)

// Query is what a message must be like to be found.
type Query struct {
	Kind  Kind
	Parts []Query
	Term  Term // Leaf
}

// Term is one thing asked of a message.
type Term struct {
	Field Field
	Value string     // as typed, without quotes; of Is and Has in lower case
	Whole bool       // quoted: the last word is not the beginning of a longer one
	Flag  mail.Flags // Is: which flag
	Unset bool       // Is: the flag must not be set
	Time  time.Time  // Before, After
	Size  int64      // Larger, Smaller; octets
}

// Empty tells whether q asks for nothing.
func (q Query) Empty() bool { return q.Kind == All && len(q.Parts) == 0 }

// Walk calls f for every term, with whether a message that has it is wanted rather than not.
func (q Query) Walk(f func(t Term, wanted bool)) { q.walk(f, true) }

func (q Query) walk(f func(Term, bool), wanted bool) {
	if q.Kind == Leaf {
		f(q.Term, wanted)
	}
	for _, p := range q.Parts {
		p.walk(f, wanted != (q.Kind == Not))
	}
}

// Error says what of a query cannot be understood, and where.
type Error struct {
	Column int    // in characters, from 0
	Text   string // a sentence that says what to do
	Soft   bool   // more typing may mend it
}

func (e *Error) Error() string { return e.Text }

func wrong(column int, format string, args ...any) *Error {
	return &Error{Column: column, Text: fmt.Sprintf(format, args...)}
}

// Operator is one of the language, for completion and help.
type Operator struct {
	Field   Field
	Values  []string // what it takes, where that is a closed set
	Example string
	Help    string
}

// Operators are all of the language, the most useful first.
var Operators = []Operator{
	{From, nil, "from:anna", "the sender's name or address"},
	{To, nil, "to:ben", "a recipient, in To, Cc or Bcc"},
	{Subject, nil, "subject:invoice", "words of the subject"},
	{Is, []string{"unread", "read", "starred", "unstarred", "answered", "unanswered", "forwarded", "draft", "junk", "muted"}, "is:unread", "how it stands"},
	{Has, []string{"attachment", "label"}, "has:attachment", "what comes with it"},
	{In, nil, "in:archive", "the mailbox, by a part of its name; anywhere: Trash and Junk, too"},
	{After, []string{"today", "yesterday", "7d", "1m", "1y"}, "after:2026-03-01", "newer than a day, or than so long ago (7d, 2w, 1m, 1y)"},
	{Before, []string{"today", "yesterday", "7d", "1m", "1y"}, "before:2026-03", "older than that"},
	{Body, nil, "body:tickets", "words of the text"},
	{Cc, nil, "cc:ben", "a recipient of a copy"},
	{Filename, nil, "filename:pdf", "a part of an attachment's name"},
	{Label, nil, "label:work", "a label"},
	{List, nil, "list:golang", "a part of the mailing list's name"},
	{Account, nil, "account:home", "the account"},
	{Larger, []string{"100K", "1M", "10M"}, "larger:5M", "size in octets, K, M or G"},
	{Smaller, []string{"10K", "100K", "1M"}, "smaller:10K", "the same"},
}

// aliases are other names that people know operators by.
var aliases = map[string]Field{"newer": After, "since": After, "older": Before, "bigger": Larger, "keyword": Label, "tag": Label, "text": Body, "file": Filename, "sender": From}

// fieldNamed is the field of an operator as typed.
func fieldNamed(name string) (Field, bool) {
	for _, op := range Operators {
		if string(op.Field) == name {
			return op.Field, true
		}
	}
	f, ok := aliases[name]
	return f, ok
}
