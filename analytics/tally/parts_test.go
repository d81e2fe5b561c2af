package tally_test

import (
	"context"
	"testing"

	"gorm.io/gorm"

	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// trying writes down that the wave tries two texts; which ones is of no concern to the tally.
func (h *hall) trying() {
	h.t.Helper()
	h.exec("INSERT INTO changes (id, name, version, title, why, what, still_open, language, owner, risks, links, everybody, go_live, public, saved_by, saved_at) VALUES (1, 'x', 1, 'x', 'x', 'x', '', 'en', 'x', '', '[]', 1, '', 0, 'x', '2026-01-01 00:00:00')")
	h.transact(func(tx *gorm.DB) error {
		return tx.Exec("INSERT INTO pitch_trials (wave_id, department_id, change_id, version_a, version_b) VALUES (?, ?, 1, 1, 1)", h.wave, legal.Department).Error
	})
}

func (h *hall) reads(v surveys.Variant, cell tally.Cell, answers surveys.Answers) surveys.Receipt {
	h.t.Helper()
	r := surveys.Reply{Receipt: surveys.NewReceipt(), Department: cell.Department, Band: cell.Band, Language: "en", Answers: answers, Variant: v}
	_, err := h.in.Submit(context.Background(), h.wave, h.q.Document, r)
	h.must(err)
	return r.Receipt
}

func (h *hall) parts() map[tally.PartKey]tally.Score {
	h.t.Helper()
	parts, err := tally.Parts(context.Background(), h.s, h.wave)
	h.must(err)
	return parts
}

// closedPulse shows nothing before it closes.
func closedPulse() *surveys.Document {
	doc := pulse(3)
	doc.Results = surveys.WhenClosed
	return doc
}

// Scores of easier 5, worried 1 (turned), ready 7: 100. Without ready, and easier 1: (0 + 100) / 2 = 50, in units of 1/72.
func TestPartsAreCountedWhenTheWaveClosesAndAddUpToTheirCells(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHall(t, s, closedPulse())
		h.trying()
		full := surveys.Answers{"easier": surveys.Number(5), "worried": surveys.Number(1), "ready": surveys.Number(7)}
		some := surveys.Answers{"easier": surveys.Number(1), "worried": surveys.Number(1)}
		for range 3 {
			h.reads(surveys.VariantA, legal, full)
		}
		h.reads(surveys.VariantA, legal, some)
		h.reads(surveys.VariantB, legal, some)
		changed := h.reads(surveys.VariantB, legal, some)
		h.withdraw(h.reads(surveys.VariantB, legal, full))
		h.reads(surveys.NoVariant, legal, full)
		h.reads(surveys.NoVariant, sales, some)
		h.reads(surveys.VariantA, sales, surveys.Answers{"easier": surveys.Number(3)}) // too few items for a score
		h.change(changed, full)
		h.step()
		if parts := h.parts(); len(parts) > 0 {
			t.Errorf("while the wave is open there is %+v", parts)
		}
		h.close()
		openness, whole := tally.OfConstruct(surveys.Openness), tally.OfWhole(surveys.Openness)
		hundred := func(n int) tally.Score {
			return tally.Score{N: n, Denominator: 72, Total: int64(72 * n), TotalSquares: int64(72 * 72 * n), Lowest: 72, Highest: 72, Favourable: n}
		}
		fifty := tally.Score{N: 1, Denominator: 72, Total: 36, TotalSquares: 36 * 36, Lowest: 36, Highest: 36}
		mixed := func(hundreds int) tally.Score { return hundred(hundreds).Plus(fifty) }
		want := map[tally.PartKey]tally.Score{
			{Measure: openness, Cell: legal, Variant: surveys.VariantA}:  mixed(3),
			{Measure: openness, Cell: legal, Variant: surveys.VariantB}:  mixed(1),
			{Measure: openness, Cell: legal, Variant: surveys.NoVariant}: hundred(1),
			{Measure: openness, Cell: sales, Variant: surveys.NoVariant}: fifty,
			{Measure: whole, Cell: legal, Variant: surveys.VariantA}:     hundred(3),
			{Measure: whole, Cell: legal, Variant: surveys.VariantB}:     hundred(1),
			{Measure: whole, Cell: legal, Variant: surveys.NoVariant}:    hundred(1),
		}
		got := h.parts()
		for key, score := range want {
			if got[key] != score {
				t.Errorf("%+v is %+v, want %+v", key, got[key], score)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d parts, want %d: %+v", len(got), len(want), got)
		}
		h.rebuild()
		if again := h.parts(); len(again) != len(want) || again[tally.PartKey{Measure: openness, Cell: legal, Variant: surveys.VariantA}] != mixed(3) {
			t.Errorf("rebuilt as %+v", again)
		}
		if found := h.findings(); len(found) > 0 {
			t.Error(found)
		}
	})
}

func TestVerifyFindsDamagedPartsAndRebuildMendsThem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHall(t, s, closedPulse())
		h.trying()
		for _, v := range surveys.Variants() {
			for range 4 {
				h.reads(v, legal, agrees)
				h.reads(v, legal, doubts)
			}
		}
		h.close()
		for _, damage := range []string{
			"UPDATE variant_scores SET n = n + 1 WHERE variant = 1",
			"UPDATE variant_scores SET total_squares = 0 WHERE variant = 2",
			"DELETE FROM variant_scores WHERE variant = 0",
			"INSERT INTO variant_scores (wave_id, measure, department_id, band_id, variant, n, denominator, total, total_squares, lowest, highest, favourable, unfavourable) SELECT id, 'c.openness', 9, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0 FROM waves",
			"UPDATE responses SET variant = NULL WHERE variant = 2",
		} {
			if found := h.findings(); len(found) > 0 {
				t.Fatalf("before %s: %v", damage, found)
			}
			h.exec(damage)
			if found := h.findings(); len(found) == 0 {
				t.Errorf("verify finds nothing after %s", damage)
			}
			h.rebuild()
		}
		if found := h.findings(); len(found) > 0 {
			t.Error(found)
		}
	})
}

// A variant without a trial is nobody's: it is kept, and nothing is counted by it.
func TestAWaveThatTriesNothingHasNoParts(t *testing.T) {
	h := openHall(t, storetest.SQLite(t), closedPulse())
	for range 9 {
		h.reads(surveys.VariantA, legal, agrees)
	}
	h.close()
	if parts := h.parts(); len(parts) > 0 {
		t.Errorf("%+v", parts)
	}
}
