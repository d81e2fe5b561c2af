package waves

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// Every Monday at eight stays eight o'clock on the wall, whatever the offset does.
func TestTheHourStaysThroughSummerTime(t *testing.T) {
	for name, c := range map[string]struct {
		zone  string
		first Local
		want  []string // instants
	}{
		"Berlin in March":     {"Europe/Berlin", "2027-03-22T08:00", []string{"2027-03-22T07:00:00Z", "2027-03-29T06:00:00Z", "2027-04-05T06:00:00Z"}},
		"Berlin in October":   {"Europe/Berlin", "2027-10-25T08:00", []string{"2027-10-25T06:00:00Z", "2027-11-01T07:00:00Z"}},
		"São Paulo in March":  {"America/Sao_Paulo", "2027-03-22T08:00", []string{"2027-03-22T11:00:00Z", "2027-03-29T11:00:00Z"}},
		"São Paulo long ago":  {"America/Sao_Paulo", "2018-10-29T08:00", []string{"2018-10-29T11:00:00Z", "2018-11-05T10:00:00Z"}},
		"Kathmandu":           {"Asia/Kathmandu", "2027-03-22T08:00", []string{"2027-03-22T02:15:00Z", "2027-03-29T02:15:00Z"}},
		"Kathmandu in autumn": {"Asia/Kathmandu", "2027-10-25T08:00", []string{"2027-10-25T02:15:00Z", "2027-11-01T02:15:00Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			z := zone(t, c.zone)
			for n, want := range c.want {
				at := Weekly.at(c.first, n)
				if got := at.In(z).UTC().Format(time.RFC3339); got != want {
					t.Errorf("run %d is at %s, want %s", n, got, want)
				}
				if back := LocalOf(at.In(z), z); back != at {
					t.Errorf("run %d shows %s on the wall, want %s", n, back, at)
				}
			}
		})
	}
}

func TestAnHourThatTheClocksSkipOrRepeatIsOneInstant(t *testing.T) {
	for _, c := range []struct {
		zone string
		at   Local
		want string
	}{
		{"Europe/Berlin", "2027-03-28T01:59", "2027-03-28T00:59:00Z"},
		{"Europe/Berlin", "2027-03-28T02:30", "2027-03-28T01:30:00Z"}, // skipped: 03:30 on the wall
		{"Europe/Berlin", "2027-03-28T03:00", "2027-03-28T01:00:00Z"},
		{"Europe/Berlin", "2027-10-31T02:30", "2027-10-31T00:30:00Z"}, // twice: the first
		{"Europe/Berlin", "2027-10-31T03:00", "2027-10-31T02:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04T00:00", "2018-11-04T03:00:00Z"}, // midnight was skipped
		{"Asia/Kathmandu", "2027-10-31T02:30", "2027-10-30T20:45:00Z"},
	} {
		if got := c.at.In(zone(t, c.zone)).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s is %s, want %s", c.at, c.zone, got, c.want)
		}
	}
}

// Over four years of days, in zones with and without summer time: a later time on the wall is never an earlier instant.
func TestTimeNeverRunsBackwards(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"} {
		z := zone(t, name)
		last := time.Time{}
		for w := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); w.Year() < 2030; w = w.Add(6 * time.Hour) {
			at := Local(w.Format(localLayout)).In(z)
			if !at.After(last) {
				t.Fatalf("%s: %s comes not after %s", name, at, last)
			}
			last = at
		}
	}
}

func openings(p Plan, most int) string {
	var days []string
	for _, l := range p.After("", most) {
		days = append(days, l.Date())
	}
	return strings.Join(days, " ")
}

func TestAMonthWithoutTheDayTakesItsLast(t *testing.T) {
	for _, c := range []struct {
		every Recurrence
		first Local
		want  string
	}{
		{Monthly, "2027-01-31T08:00", "2027-01-31 2027-02-28 2027-03-31 2027-04-30 2027-05-31"},
		{Monthly, "2027-11-30T08:00", "2027-11-30 2027-12-30 2028-01-30 2028-02-29 2028-03-30"},
		{Quarterly, "2027-08-31T08:00", "2027-08-31 2027-11-30 2028-02-29 2028-05-31 2028-08-31"},
		{HalfYearly, "2027-08-31T08:00", "2027-08-31 2028-02-29 2028-08-31 2029-02-28 2029-08-31"},
		{Yearly, "2028-02-29T08:00", "2028-02-29 2029-02-28 2030-02-28 2031-02-28 2032-02-29"},
		{Biweekly, "2027-12-20T08:00", "2027-12-20 2028-01-03 2028-01-17 2028-01-31 2028-02-14"},
		{Once, "2027-01-31T08:00", "2027-01-31"},
	} {
		if got := openings(Plan{Every: c.every, Opens: c.first}, 5); got != c.want {
			t.Errorf("%s from %s: %s, want %s", c.every, c.first, got, c.want)
		}
	}
}

func TestQuietWeeksOpenNothing(t *testing.T) {
	p := Plan{Every: Weekly, Opens: "2027-12-06T08:00", Quiet: []Quiet{{"2027-12-20", "2028-01-02"}, {"2028-01-10", "2028-01-10"}}}
	if got, want := openings(p, 5), "2027-12-06 2027-12-13 2028-01-03 2028-01-17 2028-01-24"; got != want {
		t.Errorf("opens on %s, want %s", got, want)
	}
	p.Every = Once
	p.Opens = "2027-12-24T08:00"
	if got := openings(p, 5); got != "" {
		t.Errorf("opens on %s in a quiet week", got)
	}
}

func TestEachRunClosesAsLongAfterItsOpeningOnTheWall(t *testing.T) {
	p := Plan{Every: Weekly, Opens: "2027-03-22T08:00", Closes: "2027-03-26T18:00"}
	z := zone(t, "Europe/Berlin")
	for n, want := range []string{"2027-03-26T17:00:00Z", "2027-04-02T16:00:00Z"} {
		if got := p.ClosesOf(Weekly.at(p.Opens, n)).In(z).UTC().Format(time.RFC3339); got != want {
			t.Errorf("run %d closes at %s, want %s", n, got, want)
		}
	}
}

func TestWavesOfARecurringPlanAreToldApart(t *testing.T) {
	for _, c := range []struct {
		label string
		every Recurrence
		want  string
	}{
		{"Laptops", Once, "Laptops"}, {"", Once, "2027-08-02"}, {"Pulse", Weekly, "Pulse 2027-08-02"}, {"", Monthly, "2027-08"},
		{"Pulse", Quarterly, "Pulse Q3 2027"}, {"", HalfYearly, "H2 2027"}, {"", Yearly, "2027"},
	} {
		if got := (Plan{Label: c.label, Every: c.every}).LabelOf("2027-08-02T08:00"); got != c.want {
			t.Errorf("%q %s is labelled %q, want %q", c.label, c.every, got, c.want)
		}
	}
}

func TestEveryFaultOfAPlanIsNamed(t *testing.T) {
	good := Plan{Survey: 1, Every: Weekly, Opens: "2027-03-22T08:00", Closes: "2027-03-26T18:00", Quiet: []Quiet{{"2027-12-20", "2027-12-31"}}}
	if f := good.Faults(); len(f) != 0 {
		t.Fatalf("a good plan has faults: %v", f)
	}
	for name, c := range map[string]struct {
		change func(p *Plan)
		want   string
	}{
		"a long label":              {func(p *Plan) { p.Label = strings.Repeat("x", 181) }, "label too_long"},
		"no recurrence":             {func(p *Plan) { p.Every = "hourly" }, "every unknown"},
		"no opening":                {func(p *Plan) { p.Opens = "" }, "opens required"},
		"the 30th of February":      {func(p *Plan) { p.Opens = "2027-02-30T08:00" }, "opens required"},
		"a closing that is no date": {func(p *Plan) { p.Closes = "soon" }, "closes invalid"},
		"closing before opening":    {func(p *Plan) { p.Closes = "2027-03-20T08:00" }, "closes before_opening"},
		"closing after the next":    {func(p *Plan) { p.Closes = "2027-03-29T08:01" }, "closes overlaps"},
		"never closing, recurring":  {func(p *Plan) { p.Closes = "" }, "closes required"},
		"quiet backwards":           {func(p *Plan) { p.Quiet = []Quiet{{"2027-12-31", "2027-12-20"}} }, "quiet.0 before_opening"},
		"quiet without dates":       {func(p *Plan) { p.Quiet = []Quiet{{"Christmas", ""}} }, "quiet.0 invalid"},
		"too many quiet weeks":      {func(p *Plan) { p.Quiet = slices.Repeat(p.Quiet, 21) }, "quiet too_many"},
		"nothing but quiet":         {func(p *Plan) { p.Every = Once; p.Quiet = []Quiet{{"2027-03-01", "2027-03-31"}} }, "quiet all_quiet"},
	} {
		p := good
		c.change(&p)
		f := p.Faults()
		if len(f) != 1 || f[0].Path+" "+f[0].Code != c.want {
			t.Errorf("%s: %v, want %s", name, f, c.want)
		}
	}
}
