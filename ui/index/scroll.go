package index

import (
	"time"

	"posthorn/mail"
)

// layout is how rows were laid out when they were drawn last. The list is scrolled by rows. The heading of the first row
// drawn is always in sight: what comes in above that row moves nothing.
type layout struct {
	top    int             // first row drawn
	page   int             // rows drawn
	height int             // lines drawn
	tall   int             // lines of a row
	headed bool            // days have headings
	days   calendar        // as headings name them
	on     mail.MessageKey // the row with the cursor
}

// lineOf is the line that a row at or below the first one drawn begins on.
func (x *Index) lineOf(row int) int {
	line := boolInt(x.headed)
	for i := x.top; i < row; i++ {
		line += x.tall + boolInt(x.begins(i+1))
	}
	return line
}

// rise is the first row to be drawn for another one to end within so many lines, with as many before it as fit.
func (x *Index) rise(row, lines int) int {
	lines -= boolInt(x.headed) + x.tall
	for row > 0 {
		if lines -= x.tall + boolInt(x.begins(row)); lines < 0 {
			break
		}
		row--
	}
	return row
}

// lay takes another layout, or another day; the cursor stays on its line.
func (x *Index) lay(h, tall int, headed bool, now time.Time) {
	if tall != x.tall || headed != x.headed || now.Before(x.days.today) || !now.Before(x.days.tomorrow) {
		line := 0
		if x.at < len(x.rows) && x.top <= x.at && x.tall > 0 {
			line = x.lineOf(x.at)
		}
		x.tall, x.headed, x.days = tall, headed, around(now)
		x.top = x.rise(x.at, line+tall)
	}
	x.height = h
}

// scroll brings the cursor into sight, with some rows around it, and leaves no line empty that a row could be on. Where
// the cursor was moved near an edge a quarter of the page comes in at once: it shows what follows, and terminals scroll
// whole lines, so that each time what stands beside the list is drawn anew, too.
func (x *Index) scroll() {
	last, fit := len(x.rows)-1, x.height/x.tall
	lead := min(3, (x.height/(x.tall+boolInt(x.headed))-1)/2)
	more := min(fit/4, max(0, fit-2*lead-1))
	if on := x.rows[x.at].Key; on == x.on {
		more = 0 // what came in moves no more than it must
	} else {
		x.on = on
	}
	if x.still {
		lead, more = 0, 0
	}
	if x.rise(min(x.at+lead, last), x.height) > x.top {
		x.top = x.rise(min(x.at+lead+more, last), x.height)
	} else if x.at-lead < x.top {
		x.top = x.at - lead - more
	}
	x.top = max(0, min(x.top, x.at-lead, x.rise(last, x.height)))
}

// drawn is one more than the last row that is drawn whole.
func (x *Index) drawn() int {
	line := boolInt(x.headed)
	for i := x.top; i < len(x.rows); i++ {
		if i > x.top {
			line += boolInt(x.begins(i))
		}
		if line += x.tall; line > x.height {
			return i
		}
	}
	return len(x.rows)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
