package history

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Period is when something was measured: "2009", "2009-Q3", "2009-03" or "2009-03-31".
type Period string

var (
	quarterFirst = regexp.MustCompile(`^[qQ]([1-4])[ /.-]?((?:19|20)\d\d)$`)
	quarterLast  = regexp.MustCompile(`^((?:19|20)\d\d)[ /.-]?[qQ]([1-4])$`)
)

// ParsePeriod reads a year, a quarter, a month or a day. Days are read as in 2009-03-31 and 31.3.2009, where only one day
// can be meant.
func ParsePeriod(text string) (Period, bool) {
	text = strings.TrimSpace(text)
	if m := quarterFirst.FindStringSubmatch(text); m != nil {
		return Period(m[2] + "-Q" + m[1]), true
	}
	if m := quarterLast.FindStringSubmatch(text); m != nil {
		return Period(m[1] + "-Q" + m[2]), true
	}
	for _, form := range []struct{ in, out string }{
		{"2006", "2006"}, {"2006-01", "2006-01"}, {"2006/01", "2006-01"}, {"01/2006", "2006-01"}, {"January 2006", "2006-01"}, {"Jan 2006", "2006-01"},
		{time.DateOnly, time.DateOnly}, {"2006/01/02", time.DateOnly}, {"2.1.2006", time.DateOnly}, {"2 January 2006", time.DateOnly},
		{time.DateTime, time.DateOnly}, {time.RFC3339, time.DateOnly},
	} {
		if at, err := time.Parse(form.in, text); err == nil && at.Year() >= 1900 && at.Year() < 2100 {
			return Period(at.Format(form.out)), true
		}
	}
	return "", false
}

// Start is the beginning of the period in UTC.
func (p Period) Start() time.Time {
	text := string(p)
	if year, quarter, ok := p.Quarter(); ok {
		text = fmt.Sprintf("%d-%02d", year, 3*quarter-2)
	}
	at, _ := time.Parse(time.DateOnly[:len(text)], text) //nolint:errcheck // every Period was read by ParsePeriod
	return at
}

// Quarter splits a quarter; ok is false for other periods.
func (p Period) Quarter() (year, quarter int, ok bool) {
	first, last, ok := strings.Cut(string(p), "-Q")
	year, err := strconv.Atoi(first)
	quarter, err2 := strconv.Atoi(last)
	return year, quarter, ok && err == nil && err2 == nil
}

// Day is the period's day; ok is false for longer periods.
func (p Period) Day() (time.Time, bool) { return p.Start(), len(p) == len(time.DateOnly) }
