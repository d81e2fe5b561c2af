package surveys

import "time"

// Day is a day of the organisation's calendar, "2027-03-29". The zero value is no day. Days compare and sort as strings.
type Day string

// DayOf is the day that the calendar shows at an instant.
func DayOf(t time.Time, zone *time.Location) Day { return Day(t.In(zone).Format(time.DateOnly)) }

// Valid reports whether it is a day of the calendar; the 30th of February is not.
func (d Day) Valid() bool {
	t, err := time.Parse(time.DateOnly, string(d))
	return err == nil && t.Format(time.DateOnly) == string(d)
}

// Time is midnight of the day in UTC, for counting days and for axes; the zero time of no day.
func (d Day) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Plus is the day so many days later; no day stays none.
func (d Day) Plus(days int) Day {
	t := d.Time()
	if t.IsZero() {
		return ""
	}
	return Day(t.AddDate(0, 0, days).Format(time.DateOnly))
}

// Since is how many days it is later than another.
func (d Day) Since(other Day) int { return int(d.Time().Sub(other.Time()).Hours() / 24) }

// Stamp says who did something, by their e-mail address, and when.
type Stamp struct {
	By string
	At time.Time
}
