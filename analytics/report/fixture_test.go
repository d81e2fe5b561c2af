package report_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/analytics"
	"soundings/analytics/quotes"
	"soundings/analytics/report"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

var wavesTime = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// respondent is one made-up response. Department and band count from 0 in the lists of the hall.
type respondent struct {
	id         surveys.ID
	department int
	band       int // none: not said
	answers    surveys.Answers
	texts      map[string]string
}

const none = -1

// hall is a database with departments and bands.
type hall struct {
	t           *testing.T
	s           *store.Store
	departments []surveys.DepartmentID
	bands       []surveys.BandID
	random      *rand.Rand
}

func newHall(t *testing.T, s *store.Store, departments, bands []string) *hall {
	t.Helper()
	h := &hall{t: t, s: s, random: rand.New(rand.NewPCG(7, 11))}
	h.transact(func(tx *store.Tx) error {
		h.departments, h.bands = nil, nil
		for _, name := range departments {
			id, err := people.AddDepartment(tx, name, 0)
			if err != nil {
				return err
			}
			h.departments = append(h.departments, id)
		}
		for _, name := range bands {
			id, err := people.AddBand(tx, name)
			if err != nil {
				return err
			}
			h.bands = append(h.bands, id)
		}
		return nil
	})
	return h
}

func (h *hall) transact(fn func(tx *store.Tx) error) {
	h.t.Helper()
	if err := h.s.Transact(context.Background(), "test", fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) publish(document string) *surveys.Questionnaire {
	h.t.Helper()
	var q *surveys.Questionnaire
	h.transact(func(tx *store.Tx) (err error) {
		q, _, err = catalog.New(h.s).Publish(tx, []byte(document), wavesTime)
		return err
	})
	return q
}

// hold stores a closed, counted wave of respondents, gives each a random id and sorts them by it.
func (h *hall) hold(q *surveys.Questionnaire, label string, list []respondent) surveys.Wave {
	h.t.Helper()
	for i := range list {
		binary.BigEndian.PutUint64(list[i].id[:8], h.random.Uint64())
		binary.BigEndian.PutUint64(list[i].id[8:], h.random.Uint64())
	}
	slices.SortFunc(list, func(a, b respondent) int { return bytes.Compare(a.id[:], b.id[:]) })
	var wave surveys.Wave
	h.transact(func(tx *store.Tx) (err error) {
		if wave, _, err = waves.Open(tx, waves.New{Questionnaire: q, Label: label, At: wavesTime, Closed: true}); err != nil {
			return err
		}
		for _, r := range list {
			if err := h.store(tx, wave.ID, r); err != nil {
				return err
			}
		}
		return tally.Recount(tx, q, wave.ID)
	})
	return wave
}

func (h *hall) store(tx *store.Tx, wave surveys.WaveID, r respondent) error {
	answers, err := r.answers.Encode()
	if err != nil {
		return err
	}
	var band surveys.BandID
	if r.band != none {
		band = h.bands[r.band]
	}
	department := h.departments[r.department]
	err = tx.Exec(`INSERT INTO responses (wave_id, id, department_id, band_id, language, answers) VALUES (?, ?, ?, ?, 'en', ?)`,
		wave, r.id[:], department, band, answers).Error
	if err != nil {
		return err
	}
	for question, text := range r.texts {
		id := surveys.Secret("test").ImportedID(question, string(r.id[:]))
		err := tx.Exec(`INSERT INTO comments (wave_id, id, question_id, department_id, text) VALUES (?, ?, ?, ?, ?)`,
			wave, id[:], question, department, text).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// responses exports a wave: the file as it is, and its rows by column name.
func (h *hall) responses(q *surveys.Questionnaire, wave surveys.Wave) (file string, rows []map[string]string, summary report.Summary) {
	h.t.Helper()
	var b bytes.Buffer
	summary, err := report.Responses(context.Background(), h.s, q, wave, &b)
	if err != nil {
		h.t.Fatal(err)
	}
	return b.String(), h.parse(b.String()), summary
}

func (h *hall) comments(q *surveys.Questionnaire, wave surveys.Wave) (file string, rows []map[string]string, summary report.Summary) {
	h.t.Helper()
	var b bytes.Buffer
	summary, err := report.Comments(context.Background(), h.s, h.covers(), q, wave, &b)
	if err != nil {
		h.t.Fatal(err)
	}
	return b.String(), h.parse(b.String()), summary
}

func (h *hall) parse(file string) []map[string]string {
	h.t.Helper()
	records, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil {
		h.t.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		if len(row) != len(records[0]) {
			h.t.Fatalf("two columns have one name: %q", records[0])
		}
		rows = append(rows, row)
	}
	return rows
}

// crowd is n respondents of a department who answered by turns.
func crowd(n, department int, answers ...surveys.Answers) []respondent {
	list := make([]respondent, n)
	for i := range list {
		list[i] = respondent{department: department, band: none, answers: answers[i%len(answers)]}
	}
	return list
}

func names(prefix string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("%s %d", prefix, i)
	}
	return list
}

// covers knows the directory of the hall, and no stop words.
func (h *hall) covers() report.Covers {
	results := analytics.NewReader(h.s, catalog.New(h.s))
	return report.Covers{Quotes: quotes.NewReader(h.s, results, quotes.Stops{}), Words: map[quotes.Mask]string{quotes.Name: "[name]", quotes.Email: "[e-mail]", quotes.Phone: "[phone]"}}
}
