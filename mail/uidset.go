package mail

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// UIDRange is Lo to Hi, both included, 0 < Lo <= Hi.
type UIDRange struct{ Lo, Hi UID }

// UIDSet is a set of UIDs kept as ranges, ascending, without overlap: a server that says 1:4294967295 costs eight
// bytes. // RFC 9051 §9 sequence-set
type UIDSet []UIDRange

// NewUIDSet makes a set of single UIDs; zeros are left out.
func NewUIDSet(uids ...UID) UIDSet {
	list := slices.Clone(uids)
	slices.Sort(list)
	var s UIDSet
	for _, u := range list {
		s = s.Append(UIDRange{u, u})
	}
	return s
}

// Normalise sorts ranges in any order and joins those that touch. It takes r over.
func Normalise(r []UIDRange) UIDSet {
	slices.SortFunc(r, func(a, b UIDRange) int { return int(int64(a.Lo) - int64(b.Lo)) })
	var s UIDSet
	for _, x := range r {
		s = s.Append(x)
	}
	return s
}

// Append adds a range that does not begin before the last one of s.
func (s UIDSet) Append(r UIDRange) UIDSet {
	if r.Lo == 0 {
		r.Lo = 1
	}
	if r.Hi < r.Lo {
		return s
	}
	if n := len(s); n > 0 && uint64(r.Lo) <= uint64(s[n-1].Hi)+1 {
		s[n-1].Hi = max(s[n-1].Hi, r.Hi)
		return s
	}
	return append(s, r)
}

// Contains tells whether u is in s.
func (s UIDSet) Contains(u UID) bool {
	_, ok := slices.BinarySearchFunc(s, u, func(r UIDRange, u UID) int {
		switch {
		case r.Hi < u:
			return -1
		case r.Lo > u:
			return 1
		}
		return 0
	})
	return ok
}

// Len is the number of UIDs in s.
func (s UIDSet) Len() int {
	n := 0
	for _, r := range s {
		n += int(r.Hi-r.Lo) + 1
	}
	return n
}

// Within is the part of s from lo to hi.
func (s UIDSet) Within(lo, hi UID) UIDSet {
	var out UIDSet
	for _, r := range s {
		if r.Hi >= lo && r.Lo <= hi {
			out = append(out, UIDRange{max(r.Lo, lo), min(r.Hi, hi)})
		}
	}
	return out
}

// Without is s less what is in o.
func (s UIDSet) Without(o UIDSet) UIDSet {
	var out UIDSet
	for _, r := range s {
		lo := uint64(r.Lo)
		i, _ := slices.BinarySearchFunc(o, r.Lo, func(q UIDRange, lo UID) int { return cmp.Compare(q.Hi, lo) })
		for ; i < len(o) && o[i].Lo <= r.Hi; i++ {
			if uint64(o[i].Lo) > lo {
				out = append(out, UIDRange{UID(lo), o[i].Lo - 1})
			}
			lo = uint64(o[i].Hi) + 1
		}
		if lo <= uint64(r.Hi) {
			out = append(out, UIDRange{UID(lo), r.Hi})
		}
	}
	return out
}

// Newest is the n highest UIDs of s.
func (s UIDSet) Newest(n int) UIDSet {
	var out UIDSet
	for i := len(s) - 1; i >= 0 && n > 0; i-- {
		r := s[i]
		if size := int(r.Hi-r.Lo) + 1; size > n {
			r.Lo = r.Hi - UID(n) + 1
		}
		n -= int(r.Hi-r.Lo) + 1
		out = append(out, r)
	}
	slices.Reverse(out)
	return out
}

// Min is the lowest UID, 0 for an empty set.
func (s UIDSet) Min() UID {
	if len(s) == 0 {
		return 0
	}
	return s[0].Lo
}

// Max is the highest UID, 0 for an empty set.
func (s UIDSet) Max() UID {
	if len(s) == 0 {
		return 0
	}
	return s[len(s)-1].Hi
}

// String is the set as IMAP spells it: "1:3,7".
func (s UIDSet) String() string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatUint(uint64(r.Lo), 10))
		if r.Hi != r.Lo {
			b.WriteByte(':')
			b.WriteString(strconv.FormatUint(uint64(r.Hi), 10))
		}
	}
	return b.String()
}
