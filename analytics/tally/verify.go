package tally

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// Finding is one thing that is not as it must be. It names cells and measures, never an answer.
type Finding struct {
	Wave   surveys.WaveID
	Detail string
}

func (f Finding) String() string { return fmt.Sprintf("wave %d: %s", f.Wave, f.Detail) }

// Questionnaires finds the questionnaire of a wave.
type Questionnaires interface {
	QuestionnaireIn(db *gorm.DB, id surveys.QuestionnaireID) (*surveys.Questionnaire, error)
}

// Verify compares the tallies and scores of every wave with a recount of its counted responses, and looks for
// leftovers that a closed wave must not have. It changes nothing.
func Verify(ctx context.Context, s *store.Store, qs Questionnaires) ([]Finding, error) {
	list, err := waves.List(s.Read(ctx), 0)
	if err != nil {
		return nil, err
	}
	var findings []Finding
	for part := range slices.Chunk(list, together) {
		err := s.Snapshot(ctx, "tally: verify", func(tx *gorm.DB) error {
			found, err := verifyWaves(tx, qs, part)
			if err == nil {
				findings = append(findings, found...)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return findings, nil
}

// together is how many waves are gone through in one pass over the responses, and so how many are in memory at once: a
// large organisation's takes four megabytes.
const together = 100

func verifyWaves(tx *gorm.DB, qs Questionnaires, list []surveys.Wave) (findings []Finding, err error) {
	byWave := make(map[surveys.WaveID]*verifier, len(list))
	for _, w := range list {
		if byWave[w.ID], err = newVerifier(tx, qs, w.ID); err != nil {
			return nil, err
		}
	}
	err = eachOfAll(tx, func(wave surveys.WaveID, r responseRow) error {
		if v := byWave[wave]; v != nil {
			v.visit(r)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, w := range list {
		v := byWave[w.ID]
		if err := v.compare(tx); err != nil {
			return nil, err
		}
		findings = append(findings, v.findings...)
	}
	return findings, nil
}

func newVerifier(tx *gorm.DB, qs Questionnaires, id surveys.WaveID) (*verifier, error) {
	w, q, err := waveIn(tx, qs, id) // as it is in this snapshot
	if err != nil {
		return nil, err
	}
	v := &verifier{wave: w, counter: newCounter(q.Document), fresh: newCounts()}
	v.form = newForm(v.counter)
	v.paper, v.sheet, v.pairing = v.form.paper(), newSheet(v.form), newPairing(v.form)
	if v.parting, err = partingOf(tx, v.form, w.ID); err != nil {
		return nil, err
	}
	if v.counted, err = counterOf(tx, w.ID); err != nil {
		return nil, err
	}
	if w.State != surveys.Closed {
		stored, err := read(tx, w.ID)
		if err != nil {
			return nil, err
		}
		if v.seen, err = v.counter.history(tx, w.ID, stored.asFarAs(v.counted)); err != nil {
			return nil, err
		}
	}
	return v, nil
}

type verifier struct {
	wave     surveys.Wave
	counter  *counter
	counted  counterState
	seen     moments // while the wave is open
	fresh    *Counts
	form     *form
	paper    *paper
	sheet    *sheet // of a closed wave
	pairing  *pairing
	parting  *parting
	findings []Finding
}

func (v *verifier) find(format string, args ...any) {
	v.findings = append(v.findings, Finding{v.wave.ID, fmt.Sprintf(format, args...)})
}

func (v *verifier) visit(r responseRow) {
	if v.wave.State == surveys.Closed && (r.Step != final || r.Frozen != nil || r.Withdrawn) {
		v.find("response %x is not settled although the wave is closed", r.ID)
	}
	if v.wave.State != surveys.Closed && r.Step == final {
		v.find("response %x is settled although the wave is not closed", r.ID)
	}
	if v.wave.State == surveys.Closed {
		v.visitClosed(r)
		return
	}
	counted, err := v.counter.counted(r, v.seen)
	if err != nil {
		v.find("response %x cannot be read", r.ID)
		return
	}
	for _, con := range counted {
		v.fresh.add(r.cell(), con)
	}
}

func (v *verifier) visitClosed(r responseRow) {
	if r.Withdrawn {
		return
	}
	if err := v.form.read(v.paper, r.Answers); err != nil {
		v.find("response %x cannot be read", r.ID)
		return
	}
	v.sheet.add(r.cell(), v.paper)
	v.pairing.add(r.DepartmentID, v.paper)
	v.parting.add(r, v.paper)
}

// compare reads what is stored of the wave, and holds it against what was visited.
func (v *verifier) compare(tx *gorm.DB) error {
	stored, err := read(tx, v.wave.ID)
	if err != nil {
		return err
	}
	pairs, err := readPairs(tx, v.wave.ID)
	if err != nil {
		return err
	}
	parts, err := readParts(tx, v.wave.ID)
	if err != nil {
		return err
	}
	v.sheet.addTo(v.fresh)
	v.compareCounts(stored)
	v.comparePairs(pairs)
	v.compareParts(parts)
	if len(v.findings) > 0 && v.counted.Rules < Rules && (v.counted.Steps > 0 || v.wave.State == surveys.Closed) {
		v.find("it was counted by an earlier version; starting the server, or soundings migrate up, counts it anew")
	}
	return nil
}

func (v *verifier) compareCounts(all *Counts) {
	for key, fresh := range v.fresh.Scores {
		if _, ok := all.Scores[key]; !ok {
			v.find("%s of department %d, band %d: %d counted responses have no score", key.Measure, key.Department, key.Band, fresh.N)
		}
	}
	for key, stored := range all.Scores {
		fresh := v.fresh.Scores[key]
		fresh.Step = v.seen.last(key)
		if v.wave.State == surveys.Closed {
			fresh.Moved, fresh.Step = stored.Moved, final // no response tells any more how it was counted before
		}
		if fresh != stored {
			v.find("%s of department %d, band %d: the score says n %d up to step %d, a recount says n %d up to step %d",
				key.Measure, key.Department, key.Band, stored.N, stored.Step, fresh.N, fresh.Step)
		}
	}
	for key, n := range v.fresh.Values {
		if all.Values[key] != n {
			v.find("%s of department %d, band %d: a tally says %d, a recount says %d", key.Question, key.Department, key.Band, all.Values[key], n)
		}
	}
	for key, n := range all.Values {
		if v.fresh.Values[key] == 0 && n != 0 {
			v.find("%s of department %d, band %d: a tally says %d, a recount says none", key.Question, key.Department, key.Band, n)
		}
	}
}

func (v *verifier) comparePairs(stored map[PairKey]Pair) {
	fresh := v.pairing.pairs()
	for key, pair := range fresh {
		if was := stored[key]; !was.sameAs(pair) {
			v.find("%s with %s in department %d: a correlation is stored over %d, a recount is over %d", key.Question, key.Construct, key.Department, was.N, pair.N)
		}
	}
	for key, pair := range stored {
		if _, ok := fresh[key]; !ok {
			v.find("%s with %s in department %d: a correlation is stored over %d, a recount finds nobody", key.Question, key.Construct, key.Department, pair.N)
		}
	}
}
