package demo

import (
	"fmt"
	"time"

	"soundings/surveys"
)

// subject says which of the two surveys is meant.
type subject int

const (
	change subject = iota
	workingWithIT
	subjects // how many there are
)

// quarters is how many quarters have closed waves. The open one is the one after.
const quarters = 8

// run is one wave to be: when it opens and closes, and what it asks. quarter is 0 to 8.
type run struct {
	about          subject
	quarter        int
	label          string
	opened, closed time.Time // closed is zero for the open one

	questionnaire *surveys.Questionnaire
	wave          surveys.WaveID
}

func (r *run) isOpen() bool { return r.closed.IsZero() }

// schedule lists all waves in the order in which they opened. The ids follow it, and so does the time axis.
func schedule(now time.Time) []run {
	now = now.UTC()
	const day = 24 * time.Hour
	var runs []run
	for i := range quarters {
		begin := quarterBegins(now, i)
		for about, after := range [subjects]time.Duration{change: 18 * day, workingWithIT: 46 * day} {
			opened := begin.Add(after)
			runs = append(runs, run{about: subject(about), quarter: i, label: label(begin), opened: opened, closed: opened.Add(14*day + 9*time.Hour)})
		}
	}
	opened := now.Add(-3 * day)
	if first := quarterBegins(now, quarters); opened.Before(first) {
		opened = first
	}
	if opened.After(now) { // the first hours of a quarter
		opened = now
	}
	return append(runs, run{about: change, quarter: quarters, label: label(quarterBegins(now, quarters)), opened: opened})
}

// quarterBegins is when a quarter of the story begins; the one of the open wave is the one of now.
func quarterBegins(now time.Time, quarter int) time.Time {
	now = now.UTC()
	return time.Date(now.Year(), time.Month(1+3*((int(now.Month())-1)/3-quarters+quarter)), 1, 9, 0, 0, 0, time.UTC)
}

// label names a quarter: "Q3 26".
func label(t time.Time) string {
	return fmt.Sprintf("Q%d %02d", (int(t.Month())-1)/3+1, t.Year()%100)
}
