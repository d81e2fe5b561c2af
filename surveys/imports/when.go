package imports

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	yearLabel    = regexp.MustCompile(`^(19|20)\d\d$`)
	quarterFirst = regexp.MustCompile(`^(?i:q)([1-4])[ /-]?((?:19|20)\d\d)$`)
	quarterLast  = regexp.MustCompile(`^((?:19|20)\d\d)[ /-]?(?i:q)([1-4])$`)
)

// dateForms are the other labels that can mean only one day or month.
var dateForms = []string{"2006-01-02", "2006-01", "2006/01/02", "2006/01", "January 2006", "Jan 2006", "2 January 2006", time.RFC3339}

// whenOf reads the time of a wave from its label: a year, a quarter, a month or a day, each from its beginning in UTC.
func whenOf(label string) (time.Time, bool) {
	if yearLabel.MatchString(label) {
		return startOf(label, 1)
	}
	if m := quarterFirst.FindStringSubmatch(label); m != nil {
		return startOfQuarter(m[2], m[1])
	}
	if m := quarterLast.FindStringSubmatch(label); m != nil {
		return startOfQuarter(m[1], m[2])
	}
	for _, form := range dateForms {
		at, err := time.Parse(form, label)
		if err == nil && at.Year() >= 1900 && at.Year() < 2100 {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

func startOfQuarter(year, quarter string) (time.Time, bool) {
	q, err := strconv.Atoi(quarter)
	if err != nil {
		return time.Time{}, false
	}
	return startOf(year, 3*q-2)
}

func startOf(year string, month int) (time.Time, bool) {
	y, err := strconv.Atoi(strings.TrimSpace(year))
	return time.Date(y, time.Month(month), 1, 0, 0, 0, 0, time.UTC), err == nil
}
