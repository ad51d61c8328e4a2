package index

import "posthorn/cache"

// sortLabels are the orders, and what they are from the end.
var sortLabels = map[cache.SortKey][2]string{
	cache.ByDate:      {"date, newest first", "date, oldest first"},
	cache.BySender:    {"sender, A to Z", "sender, Z to A"},
	cache.ByRecipient: {"recipient, A to Z", "recipient, Z to A"},
	cache.BySubject:   {"subject, A to Z", "subject, Z to A"},
	cache.BySize:      {"size, largest first", "size, smallest first"},
	cache.ByUnread:    {"unread first", "read first"},
	cache.ByStarred:   {"starred first", "starred last"},
}

// SortLabel is an order in a few words.
func SortLabel(o cache.Sort) string {
	if o.Reverse {
		return sortLabels[o.By][1]
	}
	return sortLabels[o.By][0]
}
