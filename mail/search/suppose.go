package search

// Nothing is the query that no message meets: of no parts one.
var Nothing = Query{Kind: Any}

// never tells whether q finds nothing, whatever there is.
func (q Query) never() bool { return q.Kind == Any && len(q.Parts) == 0 }

// Suppose is q with some of its terms decided: as says whether a term holds, or that it stays as it is (known false).
// What follows from that is worked out, so that the result is Empty where everything is found and Nothing where nothing is.
// wanted is as in Walk: who answers with it makes a query that finds at least what q finds.
func (q Query) Suppose(as func(t Term, wanted bool) (holds, known bool)) Query {
	return q.suppose(as, true)
}

func (q Query) suppose(as func(Term, bool) (bool, bool), wanted bool) Query {
	switch q.Kind {
	case Leaf:
		holds, known := as(q.Term, wanted)
		switch {
		case !known:
			return q
		case holds:
			return Query{}
		}
		return Nothing
	case Not:
		p := q.Parts[0].suppose(as, !wanted)
		switch {
		case p.Empty():
			return Nothing
		case p.never():
			return Query{}
		}
		return Query{Kind: Not, Parts: []Query{p}}
	}
	out := Query{Kind: q.Kind}
	for _, part := range q.Parts {
		p := part.suppose(as, wanted)
		if p.never() && q.Kind == All || p.Empty() && q.Kind == Any {
			return p
		}
		if !p.Empty() && !p.never() {
			out.Parts = append(out.Parts, p)
		}
	}
	return out
}

// Finds tells whether q may find anything.
func (q Query) Finds() bool { return !q.never() }

// Textual tells whether a term asks for words of a message rather than for what is known of every message that is known.
func (t Term) Textual() bool { return t.Field == Anywhere || t.Field == Body }
