package analytics

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"testing"

	"soundings/analytics/disclosure"
	"soundings/surveys"
	"soundings/surveys/people"
)

// view is one group as one view of the reader tells it.
type view struct {
	where string
	group cells
	told  Group
}

// views collects everything the reader can tell of a measure of a wave: in total, by department and by band, under
// every filter, and in the trend.
func (r *run) views(m measure) []view {
	r.Helper()
	departments, bands := r.lists()
	var all []view
	ask := Breakdown{Wave: r.ID, Construct: m.construct, Question: m.question, By: ByDepartment}
	for _, band := range append([]surveys.BandID{0}, bands...) {
		ask.Band = band
		res, of := r.results(ask), orEvery(band)
		where := fmt.Sprintf("by department, band %d", band)
		all = append(all, view{where, cells{every, of}, res.Total})
		for _, g := range res.Groups {
			all = append(all, view{where, cells{g.Department.ID, of}, g.Group})
		}
		if m.question == "" {
			all = append(all, r.trendViews(m, band)...)
		}
	}
	ask.By, ask.Band = ByBand, 0
	for _, department := range append([]surveys.DepartmentID{0}, departments...) {
		ask.Department = department
		res, of := r.results(ask), orEvery(department)
		where := fmt.Sprintf("by band, department %d", department)
		all = append(all, view{where, cells{of, every}, res.Total})
		for _, g := range res.Groups {
			all = append(all, view{where, cells{of, g.Band.ID}, g.Group})
		}
	}
	return all
}

func (r *run) trendViews(m measure, band surveys.BandID) (all []view) {
	r.Helper()
	t := r.trend(TrendQuery{Construct: m.construct, Survey: r.Survey, Band: band})
	at := slices.IndexFunc(t.Waves, func(w Wave) bool { return w.ID == r.ID })
	if at < 0 {
		return nil // still open
	}
	where := fmt.Sprintf("trend, band %d", band)
	all = append(all, view{where, cells{every, orEvery(band)}, t.Total[at]})
	for _, s := range t.Series {
		all = append(all, view{where, cells{s.Department.ID, orEvery(band)}, s.Points[at]})
	}
	return all
}

// orEvery turns a filter that is not set into every.
func orEvery[ID ~int64](id ID) ID {
	if id == 0 {
		return every
	}
	return id
}

func (s *site) lists() (departments []surveys.DepartmentID, bands []surveys.BandID) {
	s.Helper()
	ds, err := people.Departments(s.Context(), s.store)
	if err != nil {
		s.Fatal(err)
	}
	bs, err := people.Bands(s.Context(), s.store)
	if err != nil {
		s.Fatal(err)
	}
	for _, d := range ds {
		departments = append(departments, d.ID)
	}
	for _, b := range bs {
		bands = append(bands, b.ID)
	}
	return departments, bands
}

// mustAgree holds every view of a group against every other: decision and figures alike.
func mustAgree(t testing.TB, all []view) {
	t.Helper()
	first := map[cells]view{}
	for _, v := range all {
		before, ok := first[v.group]
		if !ok {
			first[v.group] = v
			continue
		}
		if !reflect.DeepEqual(v.told, before.told) {
			t.Fatalf("%v is told differently:\n%s: %+v\n%s: %+v", v.group, before.where, before.told, v.where, v.told)
		}
	}
}

// mustTellNoMore holds a hidden or coarse group to what it may hold at all.
func mustTellNoMore(t testing.TB, g Group) {
	t.Helper()
	var may Group
	switch g.Level {
	case disclosure.Hidden:
		may = Group{Reason: g.Reason, Headcount: g.Headcount}
		if g.Reason == "" {
			t.Fatalf("a hidden group says no reason: %+v", g)
		}
	case disclosure.Coarse:
		may = Group{Level: disclosure.Coarse, N: g.N, Headcount: g.Headcount, Scored: g.Scored, Coarse: g.Coarse}
		if g.Coarse == nil || g.Scored && g.Coarse.MeanHigh-g.Coarse.MeanLow != 50 || !g.Scored && *g.Coarse != (Coarse{}) {
			t.Fatalf("a coarse group says %+v", g.Coarse)
		}
	default:
		return
	}
	if !reflect.DeepEqual(g, may) {
		t.Fatalf("a group that is not shown tells more than it may: %+v", g)
	}
}

// mustEqual holds a shown group against the truth, to 1e-9.
func mustEqual(t testing.TB, where string, g Group, want truth) {
	t.Helper()
	near := func(what string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) <= 1e-9) {
			t.Fatalf("%s: %s is %v, want %v", where, what, got, want)
		}
	}
	if g.N != want.n {
		t.Fatalf("%s: n is %d, want %d", where, g.N, want.n)
	}
	if !maps.Equal(g.Counts, want.counts) {
		t.Fatalf("%s: counts are %v, want %v", where, g.Counts, want.counts)
	}
	if g.Scored != (len(want.scores) > 0) {
		t.Fatalf("%s: scored is %v", where, g.Scored)
	}
	if !g.Scored {
		return
	}
	near("mean", g.Mean, want.mean())
	near("favourable", g.Favourable, 100*float64(want.favourable)/float64(want.n))
	if g.HasSD != (want.n > 1) {
		t.Fatalf("%s: has an sd: %v", where, g.HasSD)
	}
	if g.HasSD {
		near("sd", g.SD, want.sd())
	}
	low, high, ok := want.interval(g.Headcount)
	if g.HasInterval != ok {
		t.Fatalf("%s: has an interval: %v", where, g.HasInterval)
	}
	near("low", g.Low, low)
	near("high", g.High, high)
	if (g.Recommend != nil) != want.recommends {
		t.Fatalf("%s: the recommend score is %v", where, g.Recommend)
	}
	if r := g.Recommend; r != nil {
		expect := want.recommend()
		near("recommend", r.Score, expect.Score)
		near("recommend, low", r.Low, expect.Low)
		near("recommend, high", r.High, expect.High)
	}
}
