package engine

import (
	"context"
	"slices"
	"unicode/utf8"

	"posthorn/mail"
	"posthorn/mail/imap"
)

// identified fetches sections of the message that has a Message-ID. Where the server gives another message in its place
// it is asked once more, and then not believed.
func identified(ctx context.Context, s *imap.Session, id string, uid mail.UID, sections []string) (map[string][]byte, error) {
	for range 2 {
		parts, err := s.Parts(ctx, uid, append(slices.Clone(sections), imap.Identity))
		if err != nil || !foreign(id, parts) {
			return parts, err
		}
	}
	return nil, &mail.Error{Op: "open", Kind: mail.Gone, Said: "the server gave another message in its place, twice: open it again later"}
}

// foreign tells whether parts are of another message than the one that has a Message-ID, where both have one.
func foreign(id string, parts map[string][]byte) bool {
	field := parts[imap.Identity]
	if id == "" || !utf8.ValidString(id) || !utf8.Valid(field) { // its charset was guessed
		return false
	}
	got := mail.ParseMessageIDs(string(field))
	return len(got) > 0 && !slices.Contains(got, id)
}
