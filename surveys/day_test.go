package surveys

import (
	"testing"
	"time"
)

func TestADayIsOfTheCalendarAndOfTheZone(t *testing.T) {
	for day, want := range map[Day]bool{"2028-02-29": true, "2027-02-29": false, "2027-13-01": false, "27-01-01": false, "2027-1-1": false, "": false} {
		if day.Valid() != want {
			t.Errorf("%q is valid: %v", day, day.Valid())
		}
	}
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	if day := DayOf(time.Date(2026, 12, 31, 20, 0, 0, 0, time.UTC), tokyo); day != "2027-01-01" {
		t.Error("in Tokyo it is ", day)
	}
}

func TestDaysAreCountedOverTheEndsOfMonthsAndYears(t *testing.T) {
	for _, c := range []struct {
		from Day
		days int
		want Day
	}{{"2028-02-28", 1, "2028-02-29"}, {"2026-12-31", 60, "2027-03-01"}, {"2027-01-01", -1, "2026-12-31"}, {"", 5, ""}} {
		if got := c.from.Plus(c.days); got != c.want {
			t.Errorf("%d days from %s is %s; want %s", c.days, c.from, got, c.want)
		}
	}
}
