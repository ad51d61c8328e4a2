package demo

import (
	"embed"
	"fmt"
	"strings"
	"time"
)

// The sample mail: mail/manifest.tsv tells where each file goes, one a line: file, account, mailbox (levels divided by
// "/"), age before now or "arrives", IMAP flags or "-". The files have the line ends of this system and "{{date}}" for their
// date, so that the mail always looks fresh.
//
//go:embed mail/*.eml mail/manifest.tsv
var files embed.FS

// sample is one message of the sample mail.
type sample struct {
	file    string
	account string // "home" or "work"
	mailbox string
	age     time.Duration // before now
	arrives bool          // delivered while the demo runs; age is 0
	flags   []string      // as IMAP spells them
	text    string        // the file
}

// samples reads the manifest and its files, in the manifest's order.
func samples() ([]sample, error) {
	manifest, err := files.ReadFile("mail/manifest.tsv")
	if err != nil {
		return nil, fmt.Errorf("read the sample mail: %w", err)
	}
	var out []sample
	for i, line := range strings.Split(strings.TrimSpace(string(manifest)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		s, err := parseSample(line)
		if err != nil {
			return nil, fmt.Errorf("manifest.tsv line %d: %w", i+1, err)
		}
		out = append(out, s)
	}
	return out, nil
}

func parseSample(line string) (sample, error) {
	f := strings.Split(line, "\t")
	if len(f) != 5 {
		return sample{}, fmt.Errorf("%d columns instead of 5", len(f))
	}
	s := sample{file: f[0], account: f[1], mailbox: f[2], arrives: f[3] == "arrives", flags: strings.Fields(strings.TrimPrefix(f[4], "-"))}
	text, err := files.ReadFile("mail/" + s.file)
	if err != nil {
		return sample{}, err
	}
	s.text = string(text)
	if !s.arrives {
		s.age, err = parseAge(f[3])
	}
	return s, err
}

// parseAge reads a duration that may begin with days: 12d4h.
func parseAge(s string) (time.Duration, error) {
	days, rest := 0, s
	if before, after, ok := strings.Cut(s, "d"); ok {
		if _, err := fmt.Sscanf(before, "%d", &days); err != nil {
			return 0, fmt.Errorf("age %q: %w", s, err)
		}
		rest = after
	}
	age := time.Duration(days) * 24 * time.Hour
	if rest == "" {
		return age, nil
	}
	d, err := time.ParseDuration(rest)
	if err != nil {
		return 0, fmt.Errorf("age %q: %w", s, err)
	}
	return age + d, nil
}

// message is the sample as it lies on a server, written at that time.
func (s sample) message(at time.Time) []byte {
	text := strings.Replace(s.text, "{{date}}", at.Format("Mon, 02 Jan 2006 15:04:05 -0700"), 1)
	return checked(s.account, s.mailbox, []byte(strings.ReplaceAll(text, "\n", "\r\n")))
}
