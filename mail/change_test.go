package mail

import "testing"

func TestMoveAndExpunge(t *testing.T) {
	before := State{Mailbox: 1, Flags: Seen, Keywords: "a"}
	moved := Move{To: 2}.Apply(before)
	if moved != (State{Mailbox: 2, Flags: Seen, Keywords: "a"}) || (Move{To: 2}).Apply(moved) != moved {
		t.Errorf("moved to %+v", moved)
	}
	if back := (Move{To: 2}).Invert(before).Apply(moved); back != before {
		t.Errorf("moved back to %+v", back)
	}
	gone := Expunge{}.Apply(before)
	if gone.Mailbox != 0 || (Expunge{}).Invert(before) != nil {
		t.Errorf("expunged is %+v", gone)
	}
	if got := (Move{To: 2}).Apply(gone); got != gone {
		t.Errorf("a move brings %+v back", got)
	}
}

func TestKindsNeverChange(t *testing.T) {
	for kind, c := range map[ChangeKind]Change{"flags": FlagChange{}, "move": Move{}, "expunge": Expunge{}} {
		if c.Kind() != kind {
			t.Errorf("%T is stored as %s", c, c.Kind())
		}
	}
}

func TestFlagChangeEmpty(t *testing.T) {
	for _, c := range []FlagChange{{Mask: Seen}, {Add: "a"}, {Del: "a"}} {
		if c.Empty() {
			t.Errorf("%+v is empty", c)
		}
	}
	if !(FlagChange{}).Empty() {
		t.Error("nothing is not empty")
	}
}
