package cache

import "testing"

// TestAStatementIsPlannedWithoutItsValues binds the one value for which a partial index could be used.
func TestAStatementIsPlannedWithoutItsValues(t *testing.T) {
	f := newFixture(t)
	const waiting = "EXPLAIN QUERY PLAN SELECT id FROM message WHERE mailbox_id = 1 AND message_id = 'a' AND size = 1 AND uid = ?"
	for name, q := range map[string]querier{"the writer": f.conn, "a reader": f.Reader.db} {
		var plans [2]string
		for uid := range plans {
			var id, parent, unused int
			f.ok(q.QueryRowContext(f.ctx, waiting, uid).Scan(&id, &parent, &unused, &plans[uid]))
		}
		if plans[0] == "" || plans[0] != plans[1] {
			t.Errorf("%s: %q for 0, %q for 1", name, plans[0], plans[1])
		}
	}
}
