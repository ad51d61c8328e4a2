package cache

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"posthorn/mail"
)

// Content is what is held of a section, still transfer-encoded; section "" is the whole message. It is nil and not
// complete where nothing came yet. Of a copy that is not made yet it is what is held of its source.
func (r *Reader) Content(ctx context.Context, key mail.MessageKey, section string) (raw []byte, complete bool, err error) {
	_, err = collect(ctx, r.db, func(rows *sql.Rows) (struct{}, error) {
		var piece sql.RawBytes
		err := rows.Scan(&piece, &complete)
		if raw == nil {
			raw = []byte{}
		}
		raw = append(raw, piece...)
		return struct{}{}, err
	}, "SELECT content, complete FROM part_content WHERE message_id = "+contentOf+" AND section = ?2 ORDER BY start", key, section)
	return raw, complete, fail("read the message", err)
}

// Reached is how many octets of a section are here, and whether those are all, without reading them.
func (r *Reader) Reached(ctx context.Context, key mail.MessageKey, section string) (octets int64, complete bool, err error) {
	err = r.db.QueryRowContext(ctx, "SELECT ifnull(max(start + length(content)), 0), ifnull(max(complete), 0) FROM part_content WHERE message_id = "+contentOf+
		" AND section = ?2", key, section).Scan(&octets, &complete)
	return octets, complete, fail("read the message", err)
}

// PutContent stores a piece of a section that begins at offset, in place of what was held from there on. It must
// follow what is held without a gap. complete: the section ends with it.
func (s *Store) PutContent(ctx context.Context, key mail.MessageKey, section string, offset int64, data []byte, complete bool) error {
	const op = "store a part of the message"
	return s.write(ctx, normal, op, func(t *transaction) error {
		err := t.QueryRowContext(t.ctx, "SELECT id FROM message WHERE id = "+contentOf, key).Scan(&key)
		if err == sql.ErrNoRows {
			return gone(op, "the message is not there any more")
		}
		if err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM part_content WHERE message_id = ? AND section = ? AND start >= ?", key, section, offset); err != nil {
			return err
		}
		var held int64
		if err := t.QueryRowContext(t.ctx, "SELECT ifnull(max(start + length(content)), 0) FROM part_content WHERE message_id = ? AND section = ?",
			key, section).Scan(&held); err != nil {
			return err
		}
		if held != offset {
			return fmt.Errorf("a piece that begins at %d does not follow the %d octets that are held", offset, held)
		}
		if data == nil {
			data = []byte{}
		}
		_, err = t.exec("INSERT INTO part_content (message_id, section, start, content, complete, stored_at) VALUES (?, ?, ?, ?, ?, ?)",
			key, section, offset, data, complete, t.now)
		return err
	})
}

// SetPreview stores what is known once the text of a message is: its first words for the list, and all of it for the
// full text.
func (s *Store) SetPreview(ctx context.Context, key mail.MessageKey, preview, body string) error {
	return s.write(ctx, normal, "store the text of the message", func(t *transaction) error {
		var text string
		var e mail.Envelope
		if err := t.QueryRowContext(t.ctx, "SELECT envelope FROM description WHERE message_id = ?", key).Scan(&text); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			return err
		}
		if _, err := t.exec("UPDATE message SET preview = ? WHERE id = ?", preview, key); err != nil {
			return err
		}
		return t.index(key, e, body)
	})
}
