package waves

import (
	"time"
	_ "time/tzdata" // the zones of the world, wherever the program runs

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// ZoneSetting is the name of the setting that holds the organisation's time zone, such as "Europe/Berlin".
const ZoneSetting = "organisation.time_zone"

// Zone reads the time zone of the organisation; UTC where none is set. A name that this program does not know is an error.
func Zone(db *gorm.DB) (*time.Location, error) {
	var names []string
	if err := db.Table("settings").Where("name = ?", ZoneSetting).Pluck("value", &names).Error; err != nil {
		return nil, store.Translate("waves: time zone", err)
	}
	if len(names) == 0 || names[0] == "" {
		return time.UTC, nil
	}
	zone, err := time.LoadLocation(names[0])
	if err != nil {
		return nil, &surveys.Error{Kind: surveys.Invalid, Op: "waves: time zone", Message: "the time zone " + names[0] + " is not known", Err: err}
	}
	return zone, nil
}

// Local is a time as the clocks of the organisation show it, "2027-03-29T08:00". Plans keep such times, so that eight
// o'clock stays eight o'clock when summer time begins or the setting changes. The zero value is no time at all.
type Local string

const localLayout = "2006-01-02T15:04"

// LocalOf is what the clocks show at an instant.
func LocalOf(t time.Time, zone *time.Location) Local { return Local(t.In(zone).Format(localLayout)) }

// Valid reports whether it is a time of the calendar.
func (l Local) Valid() bool {
	t, err := time.Parse(localLayout, string(l))
	return err == nil && t.Format(localLayout) == string(l)
}

// Wall is the time as if the zone were UTC: for counting days, and for writing it as it stands on the wall.
func (l Local) Wall() time.Time {
	t, err := time.Parse(localLayout, string(l))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Date is the day, "2027-03-29".
func (l Local) Date() string { return l.Wall().Format(time.DateOnly) }

// In is the instant. A time that the clocks skip is as long after the jump as it would have been without it, and of a
// time that they show twice it is the first, as iCalendar has it.
func (l Local) In(zone *time.Location) time.Time {
	w := l.Wall()
	t := time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), 0, 0, zone)
	_, before := t.Add(-24 * time.Hour).Zone()
	early := w.Add(-time.Duration(before) * time.Second).In(zone)
	if LocalOf(early, zone) == l || LocalOf(t, zone) != l {
		return early
	}
	return t
}

// shift moves a time by as many days and minutes of the calendar as lie between two others.
func (l Local) shift(from, to Local) Local {
	return Local(l.Wall().Add(to.Wall().Sub(from.Wall())).Format(localLayout))
}

// Plus is so many days later, at the same hour.
func (l Local) Plus(days int) Local { return Local(l.Wall().AddDate(0, 0, days).Format(localLayout)) }
