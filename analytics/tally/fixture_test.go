package tally_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"testing"
	"time"

	"gorm.io/gorm"

	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/intake"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

var secret = surveys.Secret("the secret of the tests")

// pulse has three items of one construct, none required, a choice, and a recommendation.
func pulse(minimum int) *surveys.Document {
	return &surveys.Document{
		Language: "en", Minimum: minimum, Anonymity: surveys.Anonymous, Results: surveys.WhileOpen,
		Questions: []surveys.Question{
			{ID: "easier", Kind: surveys.Scale, Points: 5, Construct: surveys.Openness},
			{ID: "worried", Kind: surveys.Scale, Points: 5, Construct: surveys.Openness, Reversed: true},
			{ID: "ready", Kind: surveys.Scale, Points: 7, Construct: surveys.Openness},
			{ID: "when", Kind: surveys.Choice, Options: []surveys.Option{{ID: "w1"}, {ID: "w2"}}},
			{ID: "praise", Kind: surveys.Recommend},
		},
	}
}

// hall is a survey in which people answer: one database, one intake, one open wave.
type hall struct {
	t    reporter
	s    *store.Store
	in   *intake.Intake
	q    *surveys.Questionnaire
	wave surveys.WaveID
}

// reporter is what *testing.T and *rapid.T have in common.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

func openHall(t *testing.T, s *store.Store, doc *surveys.Document) *hall {
	t.Helper()
	h := &hall{t: t, s: s, in: startIntake(t, s)}
	h.openWave(doc)
	return h
}

func startIntake(t *testing.T, s *store.Store) *intake.Intake {
	in := intake.New(s, secret, slog.New(slog.NewTextHandler(io.Discard, nil)), intake.DefaultQueue)
	t.Cleanup(in.Close)
	return in
}

// openWave opens a wave of the document. The document itself is not stored: see QuestionnaireIn.
func (h *hall) openWave(doc *surveys.Document) {
	h.t.Helper()
	h.transact(func(tx *gorm.DB) error {
		survey := struct {
			ID        surveys.SurveyID
			CreatedAt time.Time
		}{CreatedAt: time.Now()}
		if err := tx.Table("surveys").Create(&survey).Error; err != nil {
			return err
		}
		row := struct {
			ID           surveys.QuestionnaireID
			SurveyID     surveys.SurveyID
			Version      int
			Document     string
			DocumentHash []byte
			PublishedAt  time.Time
		}{SurveyID: survey.ID, Version: 1, DocumentHash: make([]byte, 32), PublishedAt: time.Now()}
		if err := tx.Table("questionnaires").Create(&row).Error; err != nil {
			return err
		}
		h.q = &surveys.Questionnaire{ID: row.ID, Survey: survey.ID, Version: 1, Document: doc}
		wave, _, err := waves.Open(tx, waves.New{Label: "spring", At: time.Now(), Questionnaire: h.q})
		h.wave = wave.ID
		return err
	})
}

// QuestionnaireIn lets verify and rebuild find the one questionnaire there is.
func (h *hall) QuestionnaireIn(_ *gorm.DB, id surveys.QuestionnaireID) (*surveys.Questionnaire, error) {
	if id != h.q.ID {
		return nil, fmt.Errorf("test: no questionnaire %d", id)
	}
	return h.q, nil
}

func (h *hall) transact(do func(tx *gorm.DB) error) {
	h.t.Helper()
	if err := h.s.Transact(context.Background(), "test", do); err != nil {
		h.t.Fatalf("%v", err)
	}
}

func (h *hall) exec(query string, args ...any) {
	h.t.Helper()
	h.transact(func(tx *gorm.DB) error { return tx.Exec(query, args...).Error })
}

func (h *hall) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatalf("%v", err)
	}
}

func (h *hall) step() { h.t.Helper(); h.must(tally.Step(context.Background(), h.s, h.q, h.wave)) }
func (h *hall) close() {
	h.t.Helper()
	h.must(tally.Close(context.Background(), h.s, h.q, h.wave, time.Now()))
}
func (h *hall) rebuild() { h.t.Helper(); h.must(tally.Rebuild(context.Background(), h.s, h)) }

func (h *hall) counts() *tally.Counts {
	h.t.Helper()
	read, err := tally.OfWave(context.Background(), h.s, h.wave)
	h.must(err)
	c := &tally.Counts{Scores: map[tally.Key]tally.Score{}, Values: map[tally.ValueKey]int{}}
	for measure, cells := range read.Scores {
		for cell, score := range cells {
			c.Scores[tally.Key{Measure: measure, Cell: cell}] = score
		}
	}
	for question, d := range read.Distributions {
		for cell := range d.Cells {
			for _, value := range d.Values {
				if n := d.Of(cell, value); n > 0 {
					c.Values[tally.ValueKey{Question: question, Cell: cell, Value: value}] = n
				}
			}
		}
	}
	return c
}

func (h *hall) findings() []tally.Finding {
	h.t.Helper()
	found, err := tally.Verify(context.Background(), h.s, h)
	h.must(err)
	return found
}

func (h *hall) submit(cell tally.Cell, answers surveys.Answers) surveys.Receipt {
	h.t.Helper()
	r := surveys.Reply{Receipt: surveys.NewReceipt(), Department: cell.Department, Band: cell.Band, Language: "en", Answers: answers}
	_, err := h.in.Submit(context.Background(), h.wave, h.q.Document, r)
	h.must(err)
	return r.Receipt
}

func (h *hall) change(receipt surveys.Receipt, answers surveys.Answers) {
	h.t.Helper()
	_, err := h.in.Change(context.Background(), h.wave, h.q.Document, surveys.Reply{Receipt: receipt, Language: "en", Answers: answers})
	h.must(err)
}

func (h *hall) withdraw(receipt surveys.Receipt) {
	h.t.Helper()
	h.must(h.in.Withdraw(context.Background(), h.wave, h.q.Document, receipt))
}

// many submits so many equal answers in a cell and returns their receipts.
func (h *hall) many(n int, cell tally.Cell, answers surveys.Answers) []surveys.Receipt {
	h.t.Helper()
	receipts := make([]surveys.Receipt, n)
	for i := range receipts {
		receipts[i] = h.submit(cell, answers)
	}
	return receipts
}

// crowd submits what people of different minds say: fifteen, of whom a step takes twelve, in whatever order they come.
func (h *hall) crowd(cell tally.Cell) []surveys.Receipt {
	h.t.Helper()
	return append(h.many(8, cell, agrees), h.many(7, cell, surveys.Answers{
		"easier": surveys.Number(4), "worried": surveys.Number(4), "ready": surveys.Number(2), "when": surveys.Picked("w2"),
	})...)
}

// counted tells which of the receipts a step has counted.
func (h *hall) counted(receipts []surveys.Receipt) (in, out []surveys.Receipt) {
	h.t.Helper()
	for _, r := range receipts {
		id := secret.ResponseID(r)
		var step int
		h.must(h.s.Read(context.Background()).Table("responses").Select("step").Where("id = ?", id[:]).Scan(&step).Error)
		if step > 0 {
			in = append(in, r)
		} else {
			out = append(out, r)
		}
	}
	return in, out
}
