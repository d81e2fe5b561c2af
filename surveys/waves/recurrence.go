package waves

import (
	"fmt"
	"slices"
	"time"
)

// Recurrence is how often a plan opens a wave.
type Recurrence string

const (
	Once       Recurrence = "once"
	Weekly     Recurrence = "weekly"
	Biweekly   Recurrence = "biweekly"
	Monthly    Recurrence = "monthly"
	Quarterly  Recurrence = "quarterly"
	HalfYearly Recurrence = "half-yearly"
	Yearly     Recurrence = "yearly"
)

// Recurrences lists all of them, from once to the rarest.
func Recurrences() []Recurrence {
	return []Recurrence{Once, Weekly, Biweekly, Monthly, Quarterly, HalfYearly, Yearly}
}

// step is the days or months from one opening to the next.
func (r Recurrence) step() (days, months int) {
	switch r {
	case Weekly:
		return 7, 0
	case Biweekly:
		return 14, 0
	case Monthly:
		return 0, 1
	case Quarterly:
		return 0, 3
	case HalfYearly:
		return 0, 6
	case Yearly:
		return 0, 12
	}
	return 0, 0
}

// at is the n-th time, counted from 0, of what begins at first. Where a month has no such day, its last day stands for
// it: the 31st, the 28th, the 31st again.
func (r Recurrence) at(first Local, n int) Local {
	days, months := r.step()
	w := first.Wall()
	if months == 0 {
		return Local(w.AddDate(0, 0, n*days).Format(localLayout))
	}
	month := time.Date(w.Year(), w.Month()+time.Month(n*months), 1, w.Hour(), w.Minute(), 0, 0, time.UTC)
	last := month.AddDate(0, 1, -1).Day()
	return Local(month.AddDate(0, 0, min(w.Day(), last)-1).Format(localLayout))
}

// period names one of many waves: its year, half, quarter, month or day.
func (r Recurrence) period(opens Local) string {
	w := opens.Wall()
	switch r {
	case Yearly:
		return w.Format("2006")
	case HalfYearly:
		return fmt.Sprintf("H%d %d", (w.Month()-1)/6+1, w.Year())
	case Quarterly:
		return fmt.Sprintf("Q%d %d", (w.Month()-1)/3+1, w.Year())
	case Monthly:
		return w.Format("2006-01")
	}
	return opens.Date()
}

// Quiet is a stretch of days, both included, in which a plan opens nothing: "2027-12-20" to "2028-01-02".
type Quiet struct {
	From string `json:"from"`
	To   string `json:"to"`
}

func (q Quiet) holds(l Local) bool { return q.From <= l.Date() && l.Date() <= q.To }

// farthest bounds how many runs of a plan are looked at: a century of weeks.
const farthest = 5200

// runs gives the openings of a plan, without the quiet ones, from the first on, until yield wants no more.
func (p Plan) runs(yield func(Local) bool) {
	for n := range farthest {
		opens := p.Every.at(p.Opens, n)
		quiet := slices.ContainsFunc(p.Quiet, func(q Quiet) bool { return q.holds(opens) })
		if !quiet && !yield(opens) || p.Every == Once {
			return
		}
	}
}

// After lists the next openings that come later than a time, at most so many.
func (p Plan) After(t Local, most int) []Local {
	var list []Local
	for opens := range p.runs {
		if opens > t {
			list = append(list, opens)
		}
		if len(list) == most {
			break
		}
	}
	return list
}

// ClosesOf is when the run that opens then closes: as long after its opening as in the first. Empty if by hand.
func (p Plan) ClosesOf(opens Local) Local {
	if p.Closes == "" {
		return ""
	}
	return opens.shift(p.Opens, p.Closes)
}

// LabelOf is the wave's name on the time axis. The waves of a recurring plan are told apart by their period.
func (p Plan) LabelOf(opens Local) string {
	switch {
	case p.Label == "":
		return p.Every.period(opens)
	case p.Every == Once:
		return p.Label
	}
	return p.Label + " " + p.Every.period(opens)
}
