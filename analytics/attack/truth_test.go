package attack

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"soundings/analytics/tally"
	"soundings/surveys"
)

// piece is what one person adds to the figures, as long as they leave their answers alone.
type piece struct {
	person  string
	cell    Place
	answers surveys.Answers
	in      func(m tally.Measure) bool // whether the measure counts it at this moment
}

// look is what all exits tell at one moment, and whose answers were in it.
type look struct {
	facts  []Fact
	pieces []piece
}

// look reads both. The pieces come from the responses, by the plainest code; they owe nothing to what the tallies add up.
func (w Wave) look(t testing.TB) look {
	t.Helper()
	facts, err := w.everything(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	counted, err := tally.OfWave(t.Context(), w.Store, w.ID)
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		ID           []byte
		DepartmentID surveys.DepartmentID
		BandID       surveys.BandID
		Answers      string
		Step         int
		Frozen       *string
		Variant      surveys.Variant
	}
	if err := w.Store.Read(t.Context()).Table("responses").Select("id, department_id, band_id, answers, step, frozen, COALESCE(variant, 0) AS variant").Where("wave_id = ? AND step > 0", w.ID).Scan(&rows).Error; err != nil {
		t.Fatal(err)
	}
	now := look{facts: facts}
	for _, row := range rows {
		text := row.Answers
		if row.Frozen != nil {
			text = *row.Frozen
		}
		answers, err := surveys.DecodeAnswers(text)
		if err != nil {
			t.Fatal(err)
		}
		cell := tally.Cell{Department: row.DepartmentID, Band: row.BandID}
		now.pieces = append(now.pieces, piece{hex.EncodeToString(row.ID), Place{cell, row.Variant.String()}, answers, func(m tally.Measure) bool {
			return row.Step <= counted.Scores[m][cell].Step
		}})
	}
	return now
}

// added is what a piece adds to one measure.
type added struct {
	values                   []string
	favourable, unfavourable bool
}

// adds says what somebody adds to a measure; ok is false if nothing.
func adds(doc *surveys.Document, m tally.Measure, answers surveys.Answers) (a added, ok bool) {
	if m == tally.Everyone {
		return a, true
	}
	if id := string(m[2:]); m[:2] == "c." {
		sum, answered, items := 0.0, 0, doc.Items(id)
		for _, q := range items {
			if x, ok := answers[q.ID]; ok {
				sum += turned(q, x.Number)
				answered++
			}
		}
		if answered == 0 || 2*answered < len(items) {
			return a, false
		}
		score := sum / float64(answered)
		return added{[]string{fmt.Sprintf("%.6f", score)}, score >= 62.5-1e-9, score < 37.5-1e-9}, true
	}
	q, _ := doc.Question(string(m[2:]))
	x, ok := answers[q.ID]
	if !ok {
		return a, false
	}
	switch q.Kind {
	case surveys.Scale, surveys.Recommend:
		a.values = []string{strconv.Itoa(x.Number)}
		score := turned(q, x.Number)
		switch {
		case q.Kind == surveys.Recommend:
			a.favourable, a.unfavourable = score >= 90-1e-9, score <= 60+1e-9
		case q.Points == 7:
			a.favourable, a.unfavourable = score > 60, score < 40
		default:
			a.favourable, a.unfavourable = score > 60, score < 40
		}
	case surveys.Ranking:
		for i, option := range x.Options {
			a.values = append(a.values, option+":"+strconv.Itoa(i+1))
		}
	default:
		a.values = slices.Clone(x.Options)
	}
	return a, true
}

// turned is the answer on a scale of 0 to 100 that rises with agreement.
func turned(q *surveys.Question, x int) float64 {
	low, high := 1, q.Points
	if q.Kind == surveys.Recommend {
		low, high = 0, 10
	}
	if q.Reversed {
		x = low + high - x
	}
	return 100 * float64(x-low) / float64(high-low)
}

// alike says in what way exact figures of some people would tell everybody's answer; "" if they don't.
func alike(list []added) string {
	if len(list) == 0 {
		return ""
	}
	favourable, unfavourable, shared := true, true, slices.Clone(list[0].values)
	none := true
	for _, a := range list {
		favourable, unfavourable = favourable && a.favourable, unfavourable && a.unfavourable
		shared = slices.DeleteFunc(shared, func(v string) bool { return !slices.Contains(a.values, v) })
		none = none && len(a.values) == 0
	}
	switch {
	case len(shared) > 0:
		return fmt.Sprintf("all %d said %s", len(list), shared[0])
	case len(list) < 10 && (favourable || unfavourable):
		return fmt.Sprintf("all %d are on one side", len(list))
	}
	return ""
}
