package milestones

import (
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/champions"
	"soundings/surveys/ideas"
	"soundings/surveys/promises"
	"soundings/surveys/visits"
)

func quarter(text string) visits.Quarter {
	q, _ := visits.ParseQuarter(text)
	return q
}

func TestAQuarterIsCountedInDaysThatAreOver(t *testing.T) {
	for _, c := range []struct {
		name, quarter string
		today         surveys.Day
		gone, days    int
	}{
		{"the day before", "2027-Q1", "2026-12-31", 0, 90},
		{"its first day", "2027-Q1", "2027-01-01", 0, 90},
		{"its last day", "2027-Q1", "2027-03-31", 89, 90},
		{"the day after", "2027-Q1", "2027-04-01", 90, 90},
		{"a leap day", "2028-Q1", "2028-02-29", 59, 91},
		{"after a leap day", "2028-Q1", "2028-03-01", 60, 91},
		{"no leap day", "2027-Q1", "2027-03-01", 59, 90},
		{"the longest", "2026-Q4", "2026-12-31", 91, 92},
	} {
		if gone, days := Gone(quarter(c.quarter), c.today); gone != c.gone || days != c.days {
			t.Errorf("%s: %d of %d days, want %d of %d", c.name, gone, days, c.gone, c.days)
		}
	}
}

// At one instant it is still the last day of a quarter in Berlin and Honolulu, and the first of the next in Auckland.
func TestTheDayOfTheOrganisationDecidesWhetherAQuarterIsOver(t *testing.T) {
	at := time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC)
	for zone, want := range map[string]State{"Europe/Berlin": Behind, "Pacific/Honolulu": Behind, "Pacific/Auckland": Missed} {
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := OfCount(1, 3, quarter("2026-Q4"), surveys.DayOf(at, place)); got != want {
			t.Errorf("in %s it is %s, want %s", zone, got, want)
		}
	}
}

func TestACountIsHeldAgainstTheShareOfTheQuarterInWholeSteps(t *testing.T) {
	for _, c := range []struct {
		name      string
		today     surveys.Day
		n, target int
		want      State
	}{
		{"before it begins", "2026-09-30", 0, 3, NotBegun},
		{"what was done before it begins", "2026-09-30", 9, 3, NotBegun},
		{"on its first day nothing is asked", "2026-10-01", 0, 3, OnTrack},
		{"on its first day one is ahead", "2026-10-01", 1, 3, Ahead},
		{"30 of 92 days ask for 0.98", "2026-10-31", 0, 3, OnTrack},
		{"31 of 92 days ask for 1.01", "2026-11-01", 0, 3, Behind},
		{"one of 1.01 is on track", "2026-11-01", 1, 3, OnTrack},
		{"two of 1.01 are ahead", "2026-11-01", 2, 3, Ahead},
		{"exactly half, with half", "2026-11-16", 2, 4, OnTrack},
		{"exactly half, with more", "2026-11-16", 3, 4, Ahead},
		{"exactly half, with less", "2026-11-16", 1, 4, Behind},
		{"reached early", "2026-10-02", 3, 3, Met},
		{"on its last day all but 0.03", "2026-12-31", 2, 3, OnTrack},
		{"over and reached", "2027-01-01", 3, 3, Met},
		{"over and more", "2027-01-01", 7, 3, Met},
		{"over and one short", "2027-01-01", 2, 3, Missed},
	} {
		if got := OfCount(c.n, c.target, quarter("2026-Q4"), c.today); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestAShareOfPromisesIsThatOfThoseDue(t *testing.T) {
	for _, c := range []struct {
		name  string
		today surveys.Day
		share promises.Share
		want  State
	}{
		{"before it begins", "2026-09-30", promises.Share{Waiting: 2}, NotBegun},
		{"nothing is due yet", "2026-11-01", promises.Share{Waiting: 2}, Waiting},
		{"nothing was due", "2027-01-01", promises.Share{}, Unknown},
		{"2 of 2, and 3 to come", "2026-11-01", promises.Share{Kept: 2, Waiting: 3}, OnTrack},
		{"4 of 4, and 1 to come: 80 % for sure", "2026-11-01", promises.Share{Kept: 4, Waiting: 1}, Ahead},
		{"3 of 4 are 75 %", "2026-11-01", promises.Share{Kept: 3, Broken: 1, Waiting: 9}, Behind},
		{"an overdue one counts", "2026-11-01", promises.Share{Kept: 3, Overdue: 1}, Behind},
		{"over with 4 of 5", "2027-01-01", promises.Share{Kept: 4, Broken: 1}, Met},
		{"over with 7 of 9", "2027-01-01", promises.Share{Kept: 7, Overdue: 2}, Missed},
	} {
		if got := OfShare(c.share, 80, quarter("2026-Q4"), c.today); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestAFigureIsMetOrMissedOnlyWhereItsWholeIntervalIs(t *testing.T) {
	of := func(value, low, high int) *Figure {
		return &Figure{Value: value, HasValue: true, Low: low, High: high}
	}
	for _, c := range []struct {
		name         string
		figure       *Figure
		during, over State
	}{
		{"no wave", nil, Waiting, Unknown},
		{"hidden", &Figure{Hidden: true}, Unknown, Unknown},
		{"its lower end is the target", of(66, 60, 72), Ahead, Met},
		{"its lower end is a point below", of(65, 59, 71), OnTrack, Unclear},
		{"it is the target", of(60, 54, 66), OnTrack, Unclear},
		{"it is a point below", of(59, 53, 65), Unclear, Unclear},
		{"its upper end is the target", of(54, 48, 60), Unclear, Unclear},
		{"its upper end is a point below", of(53, 47, 59), Behind, Missed},
		{"exactly known", of(60, 60, 60), Ahead, Met},
		{"exactly known and a point below", of(59, 59, 59), Behind, Missed},
		{"somewhere in the upper half", &Figure{Low: 50, High: 100}, Unclear, Unclear},
		{"somewhere in the lower half", &Figure{Low: 0, High: 50}, Behind, Missed},
	} {
		for today, want := range map[surveys.Day]State{"2026-09-30": NotBegun, "2026-10-01": c.during, "2026-12-31": c.during, "2027-01-01": c.over} {
			if got := OfFigure(c.figure, 60, quarter("2026-Q4"), today); got != want {
				t.Errorf("%s, on %s: %s, want %s", c.name, today, got, want)
			}
		}
	}
}

func TestOnceAQuarterIsOverTheTargetOfItsLastDayCounts(t *testing.T) {
	m := Milestone{Quarter: quarter("2026-Q4"), History: []Entry{{Target: 3, On: "2026-09-15"}, {Target: 2, On: "2026-12-31"}, {Target: 1, On: "2027-01-01"}}}
	for today, want := range map[surveys.Day]int{"2026-10-01": 3, "2026-12-30": 3, "2026-12-31": 2, "2027-01-01": 2, "2027-05-01": 2} {
		if got := m.Holds(today).Target; got != want {
			t.Errorf("on %s the target is %d, want %d", today, got, want)
		}
	}
}

func TestOnlyWhatHappenedInTheQuarterAndDepartmentIsCounted(t *testing.T) {
	q := quarter("2026-Q4")
	done := func(day surveys.Day, d surveys.DepartmentID, s visits.State) visits.Visit {
		return visits.Visit{Day: day, Department: d, State: s}
	}
	went := []visits.Visit{done("2026-09-30", 1, visits.Done), done("2026-10-01", 1, visits.Done), done("2026-12-31", 2, visits.Done), done("2026-12-31", 1, visits.Planned), done("2026-11-01", 1, visits.CalledOff)}
	idea := func(d surveys.DepartmentID, replies ...ideas.Reply) ideas.Idea {
		return ideas.Idea{Department: d, Place: ideas.Shown, Replies: replies}
	}
	said := func(s ideas.Status, day surveys.Day) ideas.Reply { return ideas.Reply{Status: s, On: day} }
	hidden, merged := idea(1, said(ideas.Adopted, "2026-11-01")), idea(1, said(ideas.Adopted, "2026-11-01"))
	hidden.Place, merged.MergedInto = ideas.Hidden, 1
	had := []ideas.Idea{idea(1), idea(1, said(ideas.Planned, "2026-10-02")), idea(1, said(ideas.Planned, "2026-10-02"), said(ideas.Adopted, "2026-12-01")), idea(2, said(ideas.Done, "2026-10-01")),
		idea(0, said(ideas.Adopted, "2026-12-31"), said(ideas.Done, "2027-01-05")), idea(1, said(ideas.Adopted, "2026-09-30"), said(ideas.Done, "2026-10-05")),
		idea(1, said(ideas.Adopted, "2026-11-01"), said(ideas.Declined, "2026-11-02")), hidden, merged}
	carry := []champions.Champion{{Department: 1, Confirmed: true, Since: "2026-12-31"}, {Department: 2, Confirmed: true, Since: "2027-01-01"}, {Department: 1}, {Department: 1, Confirmed: true, Withdrawn: "2027-02-01"}}
	for name, c := range map[string]struct{ got, want int }{
		"visits to one":               {VisitsDone(went, q, 1), 1},
		"visits to all":               {VisitsDone(went, q, 0), 2},
		"ideas of one":                {IdeasAdopted(had, q, 1), 1},
		"ideas of all":                {IdeasAdopted(had, q, 0), 3},
		"champions on its last day":   {ChampionsPresent(carry, q, 0, "2026-12-31"), 1},
		"champions the day before":    {ChampionsPresent(carry, q, 0, "2026-12-30"), 0},
		"champions when it is over":   {ChampionsPresent(carry, q, 0, "2027-06-01"), 1},
		"champions of another":        {ChampionsPresent(carry, q, 2, "2027-06-01"), 0},
		"champions of the next":       {ChampionsPresent(carry, q.Next(), 2, "2027-01-01"), 1},
		"champions of all, next time": {ChampionsPresent(carry, q.Next(), 0, "2027-01-01"), 2},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", name, c.got, c.want)
		}
	}
}
