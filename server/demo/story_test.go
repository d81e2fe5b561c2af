package demo

import (
	"testing"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store/storetest"
)

func series(t testing.TB, trend *analytics.Trend, department string) []analytics.Group {
	t.Helper()
	for _, s := range trend.Series {
		if s.Department.Name == department {
			return s.Points
		}
	}
	t.Fatalf("%s has no line", department)
	return nil
}

func verdicts(trend *analytics.Trend) map[string]stats.Verdict {
	by := map[string]stats.Verdict{}
	for _, m := range trend.SinceFirst() {
		by[m.Department.Name] = m.Verdict
	}
	return by
}

func TestTheFiguresTellTheStory(t *testing.T) {
	f := fill(t, storetest.SQLite(t), today)
	trend := f.trend(t, surveys.Openness, 0)
	if len(trend.Waves) != 8 {
		t.Fatalf("the trend has %d waves", len(trend.Waves))
	}
	got := verdicts(trend)
	for department, want := range map[string]stats.Verdict{
		finance: stats.ClearlyUp, customerService: stats.ClearlyDown,
		operations: stats.NoClearChange, sales: stats.NoClearChange, marketing: stats.NoClearChange,
		humanResources: stats.NoClearChange, purchasing: stats.NoClearChange,
		legal: stats.NotComparable, facilities: stats.NotComparable,
	} {
		if got[department] != want {
			t.Errorf("%s: %v, want %v", department, got[department], want)
		}
	}
	for department, ends := range map[string][2]float64{finance: {42, 66}, customerService: {65, 46}, sales: {57, 57}} {
		points := series(t, trend, department)
		for i, at := range []int{0, 7} {
			if d := points[at].Mean - ends[i]; d < -4 || d > 4 {
				t.Errorf("%s in wave %d is at %.1f, not about %.0f", department, at, points[at].Mean, ends[i])
			}
		}
	}
	for _, p := range series(t, trend, sales) {
		if p.Mean < 52 || p.Mean > 62 {
			t.Errorf("Sales leaves its level: %.1f", p.Mean)
		}
	}
	for wave, p := range series(t, trend, humanResources) {
		for _, s := range trend.Series {
			if other := s.Points[wave]; s.Department.Name != humanResources && other.Shown() && other.Mean >= p.Mean {
				t.Errorf("wave %d: %s is above Human Resources", wave, s.Department.Name)
			}
		}
	}
}

// Finance opens a little each quarter; Customer Service stands until the go-live and falls from there.
func TestTheTurnComesWithTheGoLive(t *testing.T) {
	f := fill(t, storetest.SQLite(t), today)
	trend := f.trend(t, surveys.Openness, 0)
	for wave, p := range series(t, trend, customerService) {
		if wave < 5 && p.Mean < 60 || wave >= 5 && p.Mean > 58 { // two thirds of eight waves
			t.Errorf("Customer Service is at %.1f in wave %d", p.Mean, wave)
		}
	}
	points := series(t, trend, finance)
	for wave := 2; wave < len(points); wave++ {
		if points[wave].Mean <= points[wave-2].Mean {
			t.Errorf("Finance does not rise from wave %d to %d", wave-2, wave)
		}
	}
	got := verdicts(f.trend(t, surveys.Engagement, 0))
	if got[finance] != stats.ClearlyUp || got[customerService] != stats.ClearlyDown {
		t.Errorf("working with IT: Finance %v, Customer Service %v", got[finance], got[customerService])
	}
}

func TestNobodyUnderTheMinimumIsShown(t *testing.T) {
	f := fill(t, storetest.SQLite(t), today)
	bands, err := people.Bands(t.Context(), f.store)
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	look := func(view, department string, g analytics.Group) {
		if g.Level == disclosure.Hidden {
			return
		}
		shown++
		if g.N < 5 || department == legal {
			t.Errorf("%s: %d people of %s are shown", view, g.N, department)
		}
	}
	for _, construct := range []string{surveys.Openness, surveys.Engagement} {
		for _, b := range append(bands, surveys.Band{}) {
			trend := f.trend(t, construct, b.ID)
			for _, s := range trend.Series {
				for _, p := range s.Points {
					look(construct+" "+b.Name, s.Department.Name, p)
				}
			}
		}
	}
	f.everyQuestion(t, look)
	if shown < 900 {
		t.Errorf("only %d groups are shown", shown)
	}
}

// everyQuestion looks at each closed wave's questions by department.
func (f filled) everyQuestion(t *testing.T, look func(view, department string, g analytics.Group)) {
	t.Helper()
	reader := f.reader()
	list, err := reader.Waves(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range list {
		for _, q := range w.Questionnaire.Document.Questions {
			if q.Kind == surveys.Text || !w.Showing() {
				continue
			}
			results, err := reader.Results(t.Context(), analytics.Breakdown{Wave: w.ID, Question: q.ID, By: analytics.ByDepartment})
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range results.Groups {
				look(w.Label+" "+q.ID, g.Department.Name, g.Group)
			}
		}
	}
}

// Legal is always too small, so a second department is always hidden with it: by turns Facilities and Purchasing.
func TestComplementaryHidingIsVisible(t *testing.T) {
	f := fill(t, storetest.SQLite(t), today)
	trend := f.trend(t, surveys.Openness, 0)
	partners := map[string]int{}
	for wave := range trend.Waves {
		if p := series(t, trend, legal)[wave]; p.Reason != disclosure.TooFew {
			t.Errorf("wave %d: Legal is hidden because %q", wave, p.Reason)
		}
		hidden := 0
		for _, s := range trend.Series {
			if p := s.Points[wave]; p.Reason == disclosure.Protects {
				partners[s.Department.Name]++
				hidden++
			}
		}
		if hidden != 1 {
			t.Errorf("wave %d: %d departments protect Legal", wave, hidden)
		}
	}
	if partners[facilities] == 0 || partners[purchasing] == 0 || len(partners) != 2 {
		t.Errorf("Legal is protected by %v", partners)
	}
}
