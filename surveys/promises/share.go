package promises

import (
	"cmp"
	"slices"
	"time"

	"soundings/surveys"
	"soundings/surveys/visits"
)

// Quarter is the one in which a promise was to be kept: that of its due day, or of the day on which IT did it.
func (p *Promise) Quarter() visits.Quarter {
	day := p.Now().On
	for _, e := range slices.Backward(p.History) {
		if e.State == Open {
			day = e.Due
			break
		}
	}
	return visits.QuarterOf(day)
}

// Share is how many promises were kept of those that could have been by now. Open ones that are not due yet and declined
// ones count for neither.
type Share struct{ Kept, Broken, Overdue, Waiting int }

// Due is how many could have been kept by now.
func (s Share) Due() int { return s.Kept + s.Broken + s.Overdue }

// All is Due and those that have time left.
func (s Share) All() int { return s.Due() + s.Waiting }

// FewestForPercent is how many promises a share is of at least before it is written in per cent.
const FewestForPercent = 5

// Percent is the share kept of those due, and whether they are enough to say it so.
func (s Share) Percent() (share float64, ok bool) {
	if s.Due() < FewestForPercent {
		return 0, false
	}
	return float64(s.Kept) / float64(s.Due()), true
}

// ShareOf counts the promises of a quarter that keep says yes to.
func ShareOf(list []Promise, q visits.Quarter, today surveys.Day, keep func(*Promise) bool) (s Share) {
	for i := range list {
		p := &list[i]
		if p.Quarter() != q || !keep(p) {
			continue
		}
		switch now := p.Now(); {
		case now.State == Kept:
			s.Kept++
		case now.State == Broken:
			s.Broken++
		case p.Overdue(today):
			s.Overdue++
		case now.State == Open:
			s.Waiting++
		}
	}
	return s
}

// ByUrgency sorts promises as somebody works through them: the overdue first, then the open by day, then the others, the
// latest first.
func ByUrgency(list []Promise) {
	slices.SortStableFunc(list, func(a, b Promise) int {
		x, y := a.Now(), b.Now()
		if (x.State == Open) != (y.State == Open) {
			if x.State == Open {
				return -1
			}
			return 1
		}
		if x.State == Open {
			return cmp.Or(cmp.Compare(x.Due, y.Due), cmp.Compare(a.ID, b.ID))
		}
		return cmp.Or(cmp.Compare(y.On, x.On), cmp.Compare(b.ID, a.ID))
	})
}

// Latest are at most most of the shown promises that concern says yes to and that were made, kept or declined since an
// instant, the newest step first. Broken ones are for /heard, where there is room to say why.
func Latest(list []Promise, since time.Time, most int, concern func(*Promise) bool) []Promise {
	var some []Promise
	for i := range list {
		p := &list[i]
		if now := p.Now(); p.Shown && now.State != Broken && !now.Said.At.Before(since) && concern(p) {
			some = append(some, *p)
		}
	}
	slices.SortStableFunc(some, func(a, b Promise) int {
		return cmp.Or(b.Now().Said.At.Compare(a.Now().Said.At), cmp.Compare(b.ID, a.ID))
	})
	return some[:min(len(some), most)]
}

// KeptOn is a promise that was kept, for a mark on a trend.
type KeptOn struct {
	Promise     ID
	Said        string    // in the promise's own language
	Date        time.Time // midnight of the day, UTC
	Departments []surveys.DepartmentID
	Everybody   bool
}

// Keepings lists the days on which promises were kept, the earliest first.
func Keepings(list []Promise) (days []KeptOn) {
	for _, p := range list {
		if now := p.Now(); now.State == Kept {
			days = append(days, KeptOn{p.ID, p.Text.Said, now.On.Time(), p.Departments, p.Everybody})
		}
	}
	slices.SortStableFunc(days, func(a, b KeptOn) int { return a.Date.Compare(b.Date) })
	return days
}
