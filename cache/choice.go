package cache

import (
	"context"
	"database/sql"
)

// Choice is what the person chose last under a name, or empty.
func (r *Reader) Choice(ctx context.Context, name string) (value string, err error) {
	err = r.db.QueryRowContext(ctx, "SELECT value FROM choice WHERE name = ?", name).Scan(&value)
	if err == sql.ErrNoRows {
		return "", nil
	}
	return value, fail("read what was chosen before", err)
}

// Choose keeps a choice for the next time; the empty value takes it back.
func (s *Store) Choose(ctx context.Context, name, value string) error {
	return s.write(ctx, normal, "keep the choice", func(t *transaction) error {
		query, args := "INSERT INTO choice (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", []any{name, value}
		if value == "" {
			query, args = "DELETE FROM choice WHERE name = ?", args[:1]
		}
		_, err := t.exec(query, args...)
		return err
	})
}

// Chosen is one choice.
type Chosen struct{ Name, Value string }

// Choices are those whose names begin with prefix, by name; prefix is left off.
func (r *Reader) Choices(ctx context.Context, prefix string) ([]Chosen, error) {
	found, err := collect(ctx, r.db, func(rows *sql.Rows) (c Chosen, err error) {
		err = rows.Scan(&c.Name, &c.Value)
		return c, err
	}, "SELECT substr(name, ?2 + 1), value FROM choice WHERE name >= ?1 AND substr(name, 1, ?2) = ?1 ORDER BY name", prefix, len([]rune(prefix)))
	return found, fail("read what was chosen before", err)
}
