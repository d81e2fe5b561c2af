package analytics

import (
	"fmt"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/intake"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// site is an installation: answers come in through the real intake and are counted by the real tally.
type site struct {
	testing.TB
	store   *store.Store
	catalog *catalog.Catalog
	intake  *intake.Intake
	reader  *Reader
	today   time.Time // moves on by a day with each wave
}

func newSite(t testing.TB, s *store.Store) *site {
	t.Helper()
	c := catalog.New(s)
	in := intake.New(s, surveys.Secret("the secret of the tests"), slog.New(slog.DiscardHandler), intake.DefaultQueue)
	t.Cleanup(in.Close)
	return &site{TB: t, store: s, catalog: c, intake: in, reader: NewReader(s, c), today: time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)}
}

// must runs a transaction.
func (s *site) must(f func(tx *gorm.DB) error) {
	s.Helper()
	if err := s.store.Transact(s.Context(), "test", f); err != nil {
		s.Fatal(err)
	}
}

func (s *site) department(name string, headcount int) (id surveys.DepartmentID) {
	s.Helper()
	s.must(func(tx *gorm.DB) (err error) {
		id, err = people.AddDepartment(tx, name, headcount)
		return err
	})
	return id
}

// departments adds some that are named by a letter each, without headcounts.
func (s *site) departments(n int) []surveys.DepartmentID {
	s.Helper()
	list := make([]surveys.DepartmentID, n)
	for i := range list {
		list[i] = s.department(fmt.Sprintf("Department %c", 'A'+i), 0)
	}
	return list
}

func (s *site) bands(n int) []surveys.BandID {
	s.Helper()
	list := make([]surveys.BandID, n)
	for i := range list {
		s.must(func(tx *gorm.DB) (err error) {
			list[i], err = people.AddBand(tx, fmt.Sprintf("Band %d", i+1))
			return err
		})
	}
	return list
}

func (s *site) publish(document string) (q *surveys.Questionnaire) {
	s.Helper()
	s.must(func(tx *gorm.DB) (err error) {
		q, _, err = s.catalog.Publish(tx, []byte(document), s.today)
		return err
	})
	return q
}

func (s *site) publishVersion(survey surveys.SurveyID, document string) (q *surveys.Questionnaire) {
	s.Helper()
	s.must(func(tx *gorm.DB) (err error) {
		q, err = s.catalog.PublishVersion(tx, survey, []byte(document), s.today)
		return err
	})
	return q
}

// run is a wave and what was answered in it, in the test's own keeping.
type run struct {
	*site
	surveys.Wave
	questionnaire *surveys.Questionnaire
	replies       []surveys.Reply
}

func (s *site) open(q *surveys.Questionnaire, label string) *run {
	s.Helper()
	r := &run{site: s, questionnaire: q}
	s.must(func(tx *gorm.DB) (err error) {
		r.Wave, _, err = waves.Open(tx, waves.New{Questionnaire: q, Label: label, At: s.today})
		return err
	})
	s.today = s.today.AddDate(0, 0, 1)
	return r
}

// submit sends replies as many people at once do.
func (r *run) submit(replies ...surveys.Reply) {
	r.Helper()
	errs := make([]error, len(replies))
	var all sync.WaitGroup
	room := make(chan struct{}, 256)
	for i, reply := range replies {
		room <- struct{}{}
		all.Go(func() {
			defer func() { <-room }()
			_, errs[i] = r.intake.Submit(r.Context(), r.ID, r.questionnaire.Document, reply)
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			r.Fatal(err)
		}
	}
	r.replies = append(r.replies, replies...)
}

func (r *run) step() {
	r.Helper()
	if err := tally.Step(r.Context(), r.store, r.questionnaire, r.ID); err != nil {
		r.Fatal(err)
	}
}

func (r *run) close() *run {
	r.Helper()
	if err := tally.Close(r.Context(), r.store, r.questionnaire, r.ID, r.today); err != nil {
		r.Fatal(err)
	}
	return r
}

// closed runs a wave from opening to closing.
func (s *site) closed(q *surveys.Questionnaire, label string, replies ...surveys.Reply) *run {
	s.Helper()
	r := s.open(q, label)
	r.submit(replies...)
	return r.close()
}

// reply is one person's; answers are pairs of a question's id and a number.
func reply(department surveys.DepartmentID, band surveys.BandID, answers surveys.Answers) surveys.Reply {
	return surveys.Reply{Receipt: surveys.NewReceipt(), Department: department, Band: band, Language: "en", Answers: answers}
}

// each makes a reply of every value to a question.
func each(department surveys.DepartmentID, band surveys.BandID, question string, values ...int) []surveys.Reply {
	list := make([]surveys.Reply, len(values))
	for i, v := range values {
		list[i] = reply(department, band, surveys.Answers{question: surveys.Number(v)})
	}
	return list
}

// pulse is a survey of one scale question that makes up openness by itself.
func pulse(title string, extra ...string) string {
	text := "title: " + title + "\npurpose: change\nlanguage: en\n"
	for _, line := range extra {
		text += line + "\n"
	}
	return text + "questions:\n  - {id: open, kind: scale, points: 5, text: I am for it., construct: openness}\n"
}

func (s *site) trend(ask TrendQuery) *Trend {
	s.Helper()
	if ask.Construct == "" {
		ask.Construct = surveys.Openness
	}
	t, err := s.reader.Trend(s.Context(), ask)
	if err != nil {
		s.Fatal(err)
	}
	return t
}

func (s *site) results(ask Breakdown) *Results {
	s.Helper()
	r, err := s.reader.Results(s.Context(), ask)
	if err != nil {
		s.Fatal(err)
	}
	return r
}
