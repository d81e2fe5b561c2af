package directory

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func counts(p *Plan) [5]int { return [5]int{p.Before, p.Added, p.Changed, p.Gone, p.Unchanged} }

func TestTheFileIsTheWholeTruth(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		house(t, s)
		first := lines("ann@x.org,Ann,Finance,Lead,de", "bo@x.org,Bo,Legal,,", "cy@x.org,Cy,finance ,STAFF,en")
		for _, step := range []struct {
			name, file string
			want       [5]int // before, added, changed, gone, unchanged
		}{
			{"everybody is new", first, [5]int{0, 3, 0, 0, 0}},
			{"the same again", first, [5]int{3, 0, 0, 0, 3}},
			{"one moves, one leaves, one comes", lines("ANN@X.org,Ann,Legal,Lead,de", "cy@x.org,Cy,Finance,Staff,en", "di@x.org,Di,Legal,,"), [5]int{3, 1, 1, 1, 1}},
			{"one comes back", lines("bo@x.org,Bo,Legal,,", "ann@x.org,Ann,Legal,Lead,de"), [5]int{3, 1, 1, 2, 0}},
			{"who has gone goes once", lines("bo@x.org,Bo,Legal,,", "ann@x.org,Ann,Legal,Lead,de"), [5]int{2, 0, 0, 0, 2}},
		} {
			plan := applied(t, s, step.file, Terms{})
			if got := counts(plan); got != step.want {
				t.Errorf("%s: %v, want %v", step.name, got, step.want)
			}
		}
		got := stored(t, s)
		for i, want := range []string{"ann@x.org|Ann|2|2|de|0", "bo@x.org|Bo|2|0||0", "cy@x.org|Cy|1|1|en|1", "di@x.org|Di|2|0||1"} {
			if len(got) != 4 || !strings.HasSuffix(got[i], want) {
				t.Fatalf("stored is %q, want %q", got, want)
			}
		}
		if !strings.HasPrefix(got[1], "2|") {
			t.Errorf("who comes back is somebody else: %s", got[1])
		}
	})
}

func TestEveryBadLineIsNamedAndNothingIsStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		house(t, s)
		transact(t, s, func(tx *store.Tx) error {
			for _, name := range []string{"FINANCE", "Old"} {
				if _, err := people.AddDepartment(tx, name, 0); err != nil {
					return err
				}
			}
			return tx.Exec("UPDATE departments SET archived = 1 WHERE name = 'Old'").Error
		})
		applied(t, s, lines("ann@x.org,Ann,Legal,,"), Terms{})
		before := stored(t, s)
		plan, err := apply(t, s, lines(
			"ann@x.org,Ann,Legal,,",           // 2
			"ANN@x.org,Ann again,Legal,,",     // 3
			",Nobody,Legal,,",                 // 4
			"not an address,Bo,Old,Chief,x y", // 5
			"cy@x.org,Cy,,,",                  // 6
			"di@x.org,Di,Legal,Chief,",        // 7
			"ed@x.org,Ed,Legal,Leads,",        // 8
			"flo@x.org,Flo,Legal,,Klingonish", // 9
			"gus@x.org,Gus,Old,,",             // 10
			"hal@x.org,Hal,finance,,",         // 11
			"ida@x.org,Ida,Finance,,",         // 12
			`jo@x.org,"Jo "x" y",Legal,,`,     // 13
			"kim@x.org,"+strings.Repeat("n", people.LongestName+1)+",Legal,,", // 14
			"lu@x.org,Lu,"+strings.Repeat("n", people.LongestName+1)+",,",     // 15
			",,,,", // 16, empty
		), Terms{NewDepartments: true})
		if surveys.KindOf(err) != surveys.Invalid {
			t.Fatalf("the error is %v", err)
		}
		want := []Bad{
			{Line: 3, Why: TwiceEmail, Value: "ANN@x.org", Other: 2}, {Line: 4, Why: NoEmail}, {Line: 5, Why: BadEmail, Value: "not an address"},
			{Line: 5, Why: BadLanguage, Value: "x y"}, {Line: 5, Why: ArchivedDepartment, Value: "Old"}, {Line: 5, Why: UnknownBand, Value: "Chief"},
			{Line: 6, Why: NoDepartment}, {Line: 7, Why: UnknownBand, Value: "Chief"}, {Line: 8, Why: UnknownBand, Value: "Leads", Meant: "Lead"},
			{Line: 9, Why: BadLanguage, Value: "Klingonish"}, {Line: 10, Why: ArchivedDepartment, Value: "Old"},
			{Line: 11, Why: VagueDepartment, Value: "finance"}, {Line: 13, Why: BrokenRow}, {Line: 14, Why: LongName}, {Line: 15, Why: LongDepartment},
		}
		if !slices.Equal(plan.Bad, want) {
			t.Errorf("bad lines are\n%+v, want\n%+v", plan.Bad, want)
		}
		if plan.BadLines() != 12 || plan.Rows != 14 || plan.Gone != 0 {
			t.Errorf("%d bad lines, %d rows and %d gone, want 12, 14 and 0", plan.BadLines(), plan.Rows, plan.Gone)
		}
		if after := stored(t, s); !slices.Equal(before, after) {
			t.Errorf("stored is %q, was %q", after, before)
		}
	})
}

func TestUnknownDepartmentsAreMadeOnlyWhenAsked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		house(t, s)
		file := lines("ann@x.org,Ann,Financ,,", "bo@x.org,Bo,Harbour,,", "cy@x.org,Cy,HARBOUR,,", "di@x.org,Di,Legal,,")
		plan, err := apply(t, s, file, Terms{})
		if surveys.KindOf(err) != surveys.Invalid || faultCode(err) != FaultNew {
			t.Fatalf("without being asked: %v", err)
		}
		want := []NewDepartment{{Name: "Financ", People: 1, Meant: "Finance"}, {Name: "Harbour", People: 2}}
		if !slices.Equal(plan.New, want) {
			t.Errorf("new are %+v, want %+v", plan.New, want)
		}
		if rows := stored(t, s); len(rows) != 0 {
			t.Errorf("stored is %q", rows)
		}
		applied(t, s, file, Terms{NewDepartments: true, Headcounts: true})
		got := storetest.Rows(t, s, "SELECT d.name, d.headcount, COUNT(p.id) FROM departments d LEFT JOIN persons p ON p.department_id = d.id GROUP BY d.id, d.name, d.headcount ORDER BY d.name")
		if !slices.Equal(got, []string{"Financ|1|1", "Finance|0|0", "Harbour|2|2", "Legal|1|1"}) {
			t.Errorf("departments are %q", got)
		}
	})
}

func TestHeadcountsAreLeftAloneUnlessAsked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		house(t, s)
		transact(t, s, func(tx *store.Tx) error {
			return tx.Exec("UPDATE departments SET headcount = 70").Error
		})
		plan := applied(t, s, lines("ann@x.org,Ann,Finance,,"), Terms{})
		if !slices.Equal(plan.Emptied, []string{"Legal"}) {
			t.Errorf("emptied are %q", plan.Emptied)
		}
		if got := storetest.Rows(t, s, "SELECT headcount FROM departments"); !slices.Equal(got, []string{"70", "70"}) {
			t.Errorf("headcounts are %q", got)
		}
		applied(t, s, lines("ann@x.org,Ann,Finance,,"), Terms{Headcounts: true})
		if got := storetest.Rows(t, s, "SELECT headcount FROM departments ORDER BY id"); !slices.Equal(got, []string{"1", "0"}) {
			t.Errorf("headcounts are %q", got)
		}
	})
}

func TestOtherNumbersThanWereAgreedToAreNotApplied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		house(t, s)
		plan := applied(t, s, lines("ann@x.org,Ann,Finance,,"), Terms{})
		file := lines("bo@x.org,Bo,Finance,,")
		_, err := apply(t, s, file, Terms{Digest: plan.Digest()})
		if surveys.KindOf(err) != surveys.Conflict || faultCode(err) != FaultChanged {
			t.Errorf("the error is %v", err)
		}
		transact(t, s, func(tx *store.Tx) (err error) {
			plan, err = taken(t, written(t, file)).Plan(tx)
			return err
		})
		applied(t, s, file, Terms{Digest: plan.Digest()})
	})
}

func TestAFileWithoutPeopleIsNotTheTruth(t *testing.T) {
	s := storetest.SQLite(t)
	house(t, s)
	applied(t, s, lines("ann@x.org,Ann,Finance,,"), Terms{})
	if _, err := apply(t, s, lines(",,,,"), Terms{}); surveys.KindOf(err) != surveys.Invalid || faultCode(err) != FaultEmpty {
		t.Errorf("the error is %v", err)
	}
	if n, err := people.Present(s.Read(t.Context())); err != nil || n != 1 {
		t.Errorf("%d people are there, %v", n, err)
	}
}

func TestAFailureInTheMiddleUndoesEverything(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		house(t, s)
		var file strings.Builder
		file.WriteString(lines())
		for i := range 1200 {
			fmt.Fprintf(&file, "p%d@x.org,P,New %d,,\n", i, i%3)
		}
		e := taken(t, written(t, file.String()))
		broken := errors.New("power cut")
		err := s.Transact(t.Context(), "test", func(tx *store.Tx) error {
			if _, err := e.Apply(tx, Terms{NewDepartments: true, Headcounts: true}); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
		if got := storetest.Rows(t, s, "SELECT (SELECT COUNT(*) FROM persons), (SELECT COUNT(*) FROM departments)"); got[0] != "0|2" {
			t.Errorf("stored are %s people and departments", got[0])
		}
	})
}

// A directory far larger than one statement takes, changed in every way at once.
func TestLargeDirectoriesAreTakenInWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		house(t, s)
		person := func(i int, name string) string { return fmt.Sprintf("p%d@x.org,%s %d,Finance,Staff,de", i, name, i) }
		var first, second []string
		for i := range 2000 {
			first = append(first, person(i, "P"))
		}
		for i := 700; i < 2600; i++ {
			second = append(second, person(i, []string{"P", "Q"}[i%2]))
		}
		applied(t, s, lines(first...), Terms{})
		var heard []int
		plan := applied(t, s, lines(second...), Terms{Progress: func(n int) { heard = append(heard, n) }})
		if got := counts(plan); got != [5]int{2000, 600, 650, 700, 650} {
			t.Errorf("%v", got)
		}
		if n, err := people.Present(s.Read(t.Context())); err != nil || n != 1900 {
			t.Errorf("%d people are there, %v", n, err)
		}
		if !slices.IsSorted(heard) || len(heard) < 2 || heard[len(heard)-1] != 1250 {
			t.Errorf("progress was %v", heard)
		}
	})
}

// Whatever was stored before, afterwards exactly the people of the file are there, as the file says.
func TestAfterwardsExactlyTheFileIsThere(t *testing.T) {
	s := storetest.SQLite(t)
	house(t, s)
	rapid.Check(t, func(rt *rapid.T) {
		want := map[string]string{}
		var file []string
		for _, who := range rapid.SliceOfNDistinct(rapid.IntRange(0, 9), 1, 10, rapid.ID).Draw(rt, "who") {
			name := rapid.SampledFrom([]string{"A", "B", "=1+1"}).Draw(rt, "name")
			department := rapid.SampledFrom([]string{"Finance", "Legal"}).Draw(rt, "department")
			want[fmt.Sprintf("p%d@x.org", who)] = name + " " + department
			file = append(file, fmt.Sprintf("p%d@x.org,%s,%s,,", who, name, department))
		}
		applied(t, s, lines(file...), Terms{})
		list, err := people.Persons(s.Read(t.Context()), nil)
		if err != nil {
			rt.Fatal(err)
		}
		got := map[string]string{}
		for _, p := range list {
			got[p.Email] = p.Name + " " + []string{"", "Finance", "Legal"}[p.Department]
		}
		if !maps.Equal(got, want) {
			rt.Fatalf("stored are %v, the file has %v", got, want)
		}
	})
}

func faultCode(err error) string {
	var known *surveys.Error
	if errors.As(err, &known) && len(known.Faults) > 0 {
		return known.Faults[0].Code
	}
	return ""
}
