package search

import (
	"fmt"
	"testing"
)

func TestWhatFollowsFromTermsThatAreKnownIsWorkedOut(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"foo in:yes", "foo"}, {"foo in:no", "nothing"}, {"foo -in:no", "foo"}, {"foo -in:yes", "nothing"},
		{"foo OR in:yes", "everything"}, {"foo OR in:no", "foo"}, {"-(in:yes foo)", "-foo"}, {"-(in:no OR in:no)", "everything"},
		{"in:yes in:yes", "everything"}, {"bar (foo OR in:no OR in:yes)", "bar"}, {"bar -(foo in:yes in:no)", "bar"},
	} {
		q, _ := Parse(c.text, now)
		got := q.Suppose(func(t Term, _ bool) (bool, bool) { return t.Value == "yes", t.Field == In })
		want, _ := Parse(c.want, now)
		switch c.want {
		case "everything":
			want = Query{}
		case "nothing":
			want = Nothing
		}
		if said := fmt.Sprint(simple(got)); said != fmt.Sprint(simple(want)) || got.Empty() != want.Empty() || got.Finds() != want.Finds() {
			t.Errorf("%s: %s, want %s", c.text, said, c.want)
		}
	}
}

// simple is q without groups of one part.
func simple(q Query) Query {
	if (q.Kind == All || q.Kind == Any) && len(q.Parts) == 1 {
		return simple(q.Parts[0])
	}
	for i := range q.Parts {
		q.Parts[i] = simple(q.Parts[i])
	}
	return q
}

// Who answers with what is wanted gets a query that finds no less: a term not wanted counts as not met.
func TestATermThatIsUnknownCountsForFinding(t *testing.T) {
	q, _ := Parse("foo in:x -in:x -(bar in:x)", now)
	got := q.Suppose(func(t Term, wanted bool) (bool, bool) { return wanted, t.Field == In })
	if want, _ := Parse("foo", now); fmt.Sprint(simple(got)) != fmt.Sprint(simple(want)) {
		t.Errorf("%+v", got)
	}
}
