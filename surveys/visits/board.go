package visits

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"soundings/surveys"
)

// LongDays is how many days a department may go without a visit before it stands out.
const LongDays = 60

// Quarter is a quarter of a calendar year.
type Quarter struct {
	Year   int
	Number int // 1 to 4
}

var quarterForm = regexp.MustCompile(`^(20[0-9]{2})-Q([1-4])$`)

// QuarterOf is the quarter that a day lies in.
func QuarterOf(d surveys.Day) Quarter {
	t := d.Time()
	return Quarter{t.Year(), (int(t.Month())-1)/3 + 1}
}

// ParseQuarter reads "2026-Q4".
func ParseQuarter(text string) (Quarter, bool) {
	m := quarterForm.FindStringSubmatch(text)
	if m == nil {
		return Quarter{}, false
	}
	year, err := strconv.Atoi(m[1])
	return Quarter{year, int(m[2][0] - '0')}, err == nil
}

func (q Quarter) String() string { return fmt.Sprintf("%d-Q%d", q.Year, q.Number) }

// First is its first day.
func (q Quarter) First() surveys.Day {
	return surveys.DayOf(time.Date(q.Year, time.Month(3*q.Number-2), 1, 0, 0, 0, 0, time.UTC), time.UTC)
}

// Last is its last day.
func (q Quarter) Last() surveys.Day { return q.Next().First().Plus(-1) }

// Next is the quarter after it.
func (q Quarter) Next() Quarter {
	if q.Number == 4 {
		return Quarter{q.Year + 1, 1}
	}
	return Quarter{q.Year, q.Number + 1}
}

// Previous is the quarter before it.
func (q Quarter) Previous() Quarter {
	if q.Number == 1 {
		return Quarter{q.Year - 1, 4}
	}
	return Quarter{q.Year, q.Number - 1}
}

// Holds reports whether a day lies in it.
func (q Quarter) Holds(d surveys.Day) bool { return q.First() <= d && d <= q.Last() }

// Row is one department on the board of a quarter.
type Row struct {
	Department surveys.Department
	Done       []Visit // in the quarter
	Planned    []Visit // in the quarter
	Last       *Visit  // the newest that was done at all; nil: there was none
	Next       *Visit  // the first that is planned from today on
	Days       int     // since Last
}

// Long reports whether the department stands out as not visited.
func (r Row) Long() bool { return r.Last == nil || r.Days >= LongDays }

// Lacks is how many visits of the quarter are still missing to a target.
func (r Row) Lacks(target int) int { return max(0, target-len(r.Done)) }

// Board is what stands to be seen about visits.
type Board struct {
	Rows      []Row       // a department each, in the order given
	Long      []Row       // not visited for LongDays, those never visited first, then the longest first
	Coming    []Visit     // planned from today on, the earliest first
	Missed    []Visit     // planned for a day that is over, the earliest first
	FollowUps []OpenPoint // open, the overdue and earliest due first, those without a day last
	Overdue   int         // of FollowUps
}

// OpenPoint is an open follow-up with its visit.
type OpenPoint struct {
	FollowUp
	Visit *Visit
}

// NewBoard sums up visits, the earliest first, for departments as they stand on a day. Visits to other departments are left
// out.
func NewBoard(list []Visit, departments []surveys.Department, q Quarter, today surveys.Day) Board {
	b := Board{Rows: make([]Row, len(departments))}
	at := map[surveys.DepartmentID]*Row{}
	for i, d := range departments {
		b.Rows[i].Department = d
		at[d.ID] = &b.Rows[i]
	}
	for i := range list {
		if r := at[list[i].Department]; r != nil {
			b.add(r, &list[i], q, today)
		}
	}
	for i := range b.Rows {
		if r := &b.Rows[i]; r.Last != nil {
			r.Days = today.Since(r.Last.Day)
		}
		if b.Rows[i].Long() {
			b.Long = append(b.Long, b.Rows[i])
		}
	}
	slices.SortStableFunc(b.Long, func(x, y Row) int { return cmp.Compare(lastDay(x), lastDay(y)) })
	slices.SortStableFunc(b.FollowUps, func(x, y OpenPoint) int {
		return cmp.Or(cmp.Compare(btoi(x.Due == ""), btoi(y.Due == "")), cmp.Compare(x.Due, y.Due))
	})
	return b
}

func (b *Board) add(r *Row, v *Visit, q Quarter, today surveys.Day) {
	switch {
	case v.State == Done:
		r.Last = v
		if q.Holds(v.Day) {
			r.Done = append(r.Done, *v)
		}
	case v.State == Planned:
		if q.Holds(v.Day) {
			r.Planned = append(r.Planned, *v)
		}
		if v.Missed(today) {
			b.Missed = append(b.Missed, *v)
			break
		}
		b.Coming = append(b.Coming, *v)
		if r.Next == nil {
			r.Next = v
		}
	}
	for _, f := range v.FollowUps {
		if !f.Open() {
			continue
		}
		b.FollowUps = append(b.FollowUps, OpenPoint{f, v})
		if f.Overdue(today) {
			b.Overdue++
		}
	}
}

func lastDay(r Row) surveys.Day {
	if r.Last == nil {
		return ""
	}
	return r.Last.Day
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Meanwhile lists the visits done to departments between two days, both included; the newest first. No last day: until now.
func Meanwhile(list []Visit, concerns func(surveys.DepartmentID) bool, from, until surveys.Day) []Visit {
	var found []Visit
	for _, v := range slices.Backward(list) {
		if v.State == Done && concerns(v.Department) && v.Day >= from && (until == "" || v.Day <= until) {
			found = append(found, v)
		}
	}
	return found
}
