package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/analytics"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/changes"
	"soundings/surveys/decisions"
	"soundings/surveys/intake"
	"soundings/surveys/packs"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

var (
	secret = surveys.Secret("the secret of the tests")
	today  = time.Date(2027, time.February, 10, 12, 0, 0, 0, time.UTC)
)

// filled is a database with the demo in it.
type filled struct {
	Summary
	store   *store.Store
	catalog *catalog.Catalog
	intake  *intake.Intake
	took    time.Duration
}

func deps(t testing.TB, s *store.Store, now time.Time) Deps {
	t.Helper()
	in := intake.New(s, secret, slog.New(slog.DiscardHandler), intake.DefaultQueue)
	t.Cleanup(in.Close)
	return Deps{Store: s, Catalog: catalog.New(s), Intake: in, Secret: secret, Now: now}
}

func fill(t testing.TB, s *store.Store, now time.Time) filled {
	t.Helper()
	d := deps(t, s, now)
	start := time.Now()
	summary, err := Fill(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return filled{summary, s, d.Catalog, d.Intake, time.Since(start)}
}

// texts gives the rows of a query as text.
func (f filled) texts(t testing.TB, query string) []string {
	t.Helper()
	return storetest.Rows(t, f.store, query)
}

func (f filled) count(t testing.TB, table string) int {
	return len(f.texts(t, "SELECT id FROM "+table))
}

func TestTheOrganisationIsCompleteAndCountedRight(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := fill(t, s, today)
		t.Logf("%s in %v", f, f.took)
		if f.Responses < 5500 || f.Responses > 6500 || f.count(t, "responses") != f.Responses {
			t.Errorf("%d responses told, %d stored", f.Responses, f.count(t, "responses"))
		}
		if f.Comments == 0 || f.count(t, "comments") != f.Comments {
			t.Errorf("%d comments told, %d stored", f.Comments, f.count(t, "comments"))
		}
		findings, err := tally.Verify(t.Context(), s, f.catalog)
		if err != nil || len(findings) > 0 {
			t.Error("verify:", findings, err)
		}
		f.checkPeople(t)
		f.checkWaves(t)
		f.checkChanges(t)
		f.checkDecisions(t)
		f.checkPack(t)
	})
}

// checkPack: the pack of the demo is whole, says of each of its departments what the day says, and names one that is hidden.
func (f filled) checkPack(t *testing.T) {
	t.Helper()
	damaged, all, err := packs.Verify(t.Context(), f.store)
	if err != nil || all != 1 || len(damaged) > 0 {
		t.Fatalf("%d packs, damaged are %v, %v", all, damaged, err)
	}
	kept, source, err := packs.ByID(t.Context(), f.store, f.Pack.ID)
	if err != nil {
		t.Fatal(err)
	}
	p, err := analytics.ReadPack(source)
	if err != nil {
		t.Fatal(err)
	}
	if kept.Meeting != "2027-03-03" || len(p.Parts) != 2 || len(p.Departments) != 4 || len(p.Changes) != 1 || p.Quoted != p.Parts[1].Results.Wave.ID {
		t.Errorf("the pack is for %s, of %d waves, %d departments and %d changes, and quotes wave %d", kept.Meeting, len(p.Parts), len(p.Departments), len(p.Changes), p.Quoted)
	}
	for i, d := range p.Departments {
		if shown := p.Parts[0].About().Units[i].Shown(); shown != (d.Name != legal) {
			t.Errorf("%s is shown: %v", d.Name, shown)
		}
	}
	today, err := f.reader().Pack(t.Context(), p.Again())
	if err != nil {
		t.Fatal(err)
	}
	if moved, err := p.Moved(today); err != nil || len(moved) > 0 {
		t.Errorf("waves %v say something else today, %v", moved, err)
	}
}

func (f filled) checkPeople(t *testing.T) {
	t.Helper()
	departments, err := people.Departments(t.Context(), f.store)
	if err != nil {
		t.Fatal(err)
	}
	smallest, largest := departments[0].Headcount, 0
	for _, d := range departments {
		smallest, largest = min(smallest, d.Headcount), max(largest, d.Headcount)
	}
	if len(departments) != 9 || f.Departments != 9 || smallest != 4 || largest != 260 {
		t.Errorf("%d departments from %d to %d people", len(departments), smallest, largest)
	}
	bands, err := people.Bands(t.Context(), f.store)
	if err != nil || len(bands) != 4 {
		t.Errorf("bands %v, %v", bands, err)
	}
}

func (f filled) checkWaves(t *testing.T) {
	t.Helper()
	labels := "Q1 25, Q2 25, Q3 25, Q4 25, Q1 26, Q2 26, Q3 26, Q4 26"
	for i, id := range f.Surveys {
		list, err := waves.List(f.store.Read(t.Context()), id)
		if err != nil {
			t.Fatal(err)
		}
		var closed, open []string
		for _, w := range list {
			switch w.State {
			case surveys.Closed:
				closed = append(closed, w.Label)
			case surveys.Open:
				open = append(open, w.Label)
			}
		}
		if got := strings.Join(closed, ", "); got != labels {
			t.Errorf("survey %d has the closed waves %s", i, got)
		}
		if want := []string{"Q1 27"}[i:]; strings.Join(open, ", ") != strings.Join(want, ", ") {
			t.Errorf("survey %d has the open waves %v", i, open)
		}
	}
	if f.Waves != 16 || len(f.Surveys) != 2 {
		t.Errorf("%d closed waves of %d surveys told", f.Waves, len(f.Surveys))
	}
}

// The pulse asks about one change after the other with the same questions, so its line is one line.
func (f filled) checkChanges(t *testing.T) {
	t.Helper()
	lives, err := changes.GoLives(t.Context(), f.store)
	if err != nil {
		t.Fatal(err)
	}
	var dates []string
	for _, l := range lives {
		dates = append(dates, l.Date.Format(time.DateOnly)+" "+l.Title)
	}
	if got, want := strings.Join(dates, ", "), "2025-12-10 A freeze calendar and a new expense tool for Finance, 2026-03-17 One ticket system for every request"; got != want {
		t.Errorf("went live: %s, want %s", got, want)
	}
	trend := f.trend(t, surveys.Openness, 0)
	asked := map[string]int{}
	for i, w := range trend.Waves {
		asked[w.Questionnaire.Document.Change]++
		if !trend.Comparable(0, i) {
			t.Errorf("the line breaks at %s", w.Label)
		}
	}
	if asked[ticketing] != laptopsAsked || asked[laptops] != quarters-laptopsAsked {
		t.Errorf("waves by change: %v", asked)
	}
	for _, p := range proposals() {
		c, err := changes.ByName(t.Context(), f.store, p.Name)
		if err != nil || len(c.History) != len(p.stages) || c.Now().Stage != p.stages[len(p.stages)-1].stage {
			t.Errorf("%s: %+v, %v", p.Name, c.History, err)
		}
	}
}

// checkDecisions: one was decided as most wished, also where a department wished for itself, one otherwise, and one is asked.
func (f filled) checkDecisions(t *testing.T) {
	t.Helper()
	change, err := changes.ByName(t.Context(), f.store, laptops)
	if err != nil {
		t.Fatal(err)
	}
	list, err := decisions.Of(t.Context(), f.store, change.ID)
	if err != nil || len(list) != 3 {
		t.Fatalf("%d decisions, %v", len(list), err)
	}
	all, err := f.reader().Waves(t.Context(), f.Surveys[0])
	if err != nil {
		t.Fatal(err)
	}
	var newest []*analytics.WaveResults
	for _, w := range slices.Backward(all) {
		if w.State == surveys.Closed && w.Questionnaire.Document.Change == laptops {
			res, err := f.reader().WaveResults(t.Context(), analytics.WaveQuery{Wave: w.ID, By: analytics.ByDepartment})
			if err != nil {
				t.Fatal(err)
			}
			newest = append(newest, res)
		}
	}
	var got []string
	for _, d := range list {
		line := string(d.Kind) + " " + string(d.Now().State)
		for _, e := range d.Outcomes() {
			w := analytics.Wished(newest, d.Question(), func(id surveys.DepartmentID) bool { own, _ := d.Outcome(id); return own.Department == e.Department })
			line += fmt.Sprintf(", %v of most %v, unasked %v", w.Option == e.Option, w.Majority(), e.Unasked)
		}
		got = append(got, line)
	}
	want := "when decided, true of most true, unasked false, true of most true, unasked false; training decided, false of most true, unasked false; pilot asked"
	if strings.Join(got, "; ") != want {
		t.Errorf("the decisions are\n%s\nwant\n%s", strings.Join(got, "; "), want)
	}
	if q, err := f.catalog.Questionnaire(t.Context(), f.Open.Questionnaire); err != nil {
		t.Error(err)
	} else if _, ok := q.Document.Question(list[2].Question()); !ok {
		t.Error("the open wave does not ask who goes first")
	}
}

// everything lists what must be the same after the same day and secret: all but the random code of the link.
func (f filled) everything(t *testing.T) string {
	t.Helper()
	var all []string
	for _, query := range []string{
		"SELECT id, wave_id, department_id, band_id, language, answers FROM responses ORDER BY id",
		"SELECT id, wave_id, question_id, department_id, text FROM comments ORDER BY id",
		"SELECT * FROM scores ORDER BY measure, wave_id, department_id, band_id",
		"SELECT * FROM tallies ORDER BY wave_id, question_id, department_id, band_id, value",
		"SELECT * FROM packs",
	} {
		all = append(all, f.texts(t, query)...)
	}
	for _, construct := range []string{surveys.Openness, surveys.Engagement} {
		trend, err := json.Marshal(f.trend(t, construct, 0))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(trend))
	}
	return strings.Join(all, "\n")
}

func TestTheSameDayGivesTheSameAnswersAndFigures(t *testing.T) {
	one := fill(t, storetest.SQLite(t), today).everything(t)
	two := fill(t, storetest.SQLite(t), today).everything(t)
	if one != two {
		t.Error("two fills differ")
	}
	if len(one) < 1_000_000 {
		t.Errorf("only %d characters were compared", len(one))
	}
}

func (f filled) trend(t testing.TB, construct string, band surveys.BandID) *analytics.Trend {
	t.Helper()
	trend, err := f.reader().Trend(t.Context(), analytics.TrendQuery{Construct: construct, Band: band})
	if err != nil {
		t.Fatal(err)
	}
	return trend
}

func (f filled) reader() *analytics.Reader { return analytics.NewReader(f.store, f.catalog) }

func TestAVisitorCanAnswerTheOpenWave(t *testing.T) {
	f := fill(t, storetest.SQLite(t), today)
	if f.Path() != "/s/"+f.Code {
		t.Errorf("the path is %q", f.Path())
	}
	link, wave, err := waves.LinkByCode(t.Context(), f.store, f.Code)
	if err != nil || wave.ID != f.Open.ID || wave.State != surveys.Open || link.Department != 0 {
		t.Fatalf("the link leads to %+v, %v", wave, err)
	}
	q, err := f.catalog.Questionnaire(t.Context(), wave.Questionnaire)
	if err != nil {
		t.Fatal(err)
	}
	reply := surveys.Reply{Receipt: surveys.NewReceipt(), Department: 1, Language: "en", Answers: surveys.Answers{"benefit": surveys.Number(4)}}
	if outcome, err := f.intake.Submit(t.Context(), wave.ID, q.Document, reply); err != nil || outcome != intake.Stored {
		t.Errorf("the answer was not stored: %v, %v", outcome, err)
	}
}

func TestADatabaseInUseIsLeftAlone(t *testing.T) {
	s := storetest.SQLite(t)
	err := s.Transact(t.Context(), "test", func(tx *store.Tx) error {
		_, err := people.AddDepartment(tx, "Real people", 12)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Fill(t.Context(), deps(t, s, today)); surveys.KindOf(err) != surveys.Conflict {
		t.Errorf("filling it: %v", err)
	}
	f := filled{store: s}
	if f.count(t, "departments") != 1 || f.count(t, "surveys") != 0 {
		t.Error("something was added")
	}
}

func TestWhatCannotBeStoredIsAnError(t *testing.T) {
	d := deps(t, storetest.SQLite(t), today)
	d.Intake.Close()
	if _, err := Fill(t.Context(), d); surveys.KindOf(err) != surveys.Unavailable {
		t.Errorf("with an intake that is closed: %v", err)
	}
	d = deps(t, storetest.SQLite(t), today)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if sum, err := Fill(ctx, d); err == nil {
		t.Errorf("a cancelled fill tells %v", sum)
	}
}

func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		s := storetest.SQLite(b)
		b.StartTimer()
		fill(b, s, today)
	}
}
