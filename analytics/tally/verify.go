package tally

import (
	"context"
	"fmt"

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
	for _, w := range list {
		err := s.Snapshot(ctx, "tally: verify", func(tx *gorm.DB) error {
			found, err := verifyWave(tx, qs, w.ID)
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

func verifyWave(tx *gorm.DB, qs Questionnaires, id surveys.WaveID) ([]Finding, error) {
	w, err := waves.ByID(tx, id) // as it is in this snapshot
	if err != nil {
		return nil, err
	}
	q, err := qs.QuestionnaireIn(tx, w.Questionnaire)
	if err != nil {
		return nil, err
	}
	stored, err := read(tx, w.ID)
	if err != nil {
		return nil, err
	}
	pairs, err := readPairs(tx, w.ID)
	if err != nil {
		return nil, err
	}
	v := &verifier{wave: w, counter: newCounter(q.Document), stored: stored, fresh: newCounts(), pairing: newPairing(q.Document)}
	counter, err := counterOf(tx, w.ID)
	if err != nil {
		return nil, err
	}
	if w.State != surveys.Closed {
		if v.seen, err = v.counter.history(tx, w.ID, stored.asFarAs(counter)); err != nil {
			return nil, err
		}
	}
	if err := eachResponse(tx, w.ID, v.visit); err != nil {
		return nil, err
	}
	v.compare()
	v.comparePairs(pairs)
	if len(v.findings) > 0 && counter.Rules < Rules && (counter.Steps > 0 || w.State == surveys.Closed) {
		v.find("it was counted by an earlier version; starting the server, or soundings migrate up, counts it anew")
	}
	return v.findings, nil
}

type verifier struct {
	wave     surveys.Wave
	counter  *counter
	seen     moments // while the wave is open
	stored   *Counts
	fresh    *Counts
	pairing  *pairing
	findings []Finding
}

func (v *verifier) find(format string, args ...any) {
	v.findings = append(v.findings, Finding{v.wave.ID, fmt.Sprintf(format, args...)})
}

func (v *verifier) visit(r responseRow) error {
	if v.wave.State == surveys.Closed && (r.Step != final || r.Frozen != nil || r.Withdrawn) {
		v.find("response %x is not settled although the wave is closed", r.ID)
	}
	if v.wave.State != surveys.Closed && r.Step == final {
		v.find("response %x is settled although the wave is not closed", r.ID)
	}
	counted, err := v.counter.counted(r, v.seen)
	if v.wave.State == surveys.Closed {
		counted, err = v.counter.standing(r, v.pairing)
	}
	if err != nil {
		v.find("response %x cannot be read", r.ID)
		return nil
	}
	for _, con := range counted {
		v.fresh.add(r.cell(), con)
	}
	return nil
}

func (v *verifier) compare() {
	for key, fresh := range v.fresh.Scores {
		if _, ok := v.stored.Scores[key]; !ok {
			v.find("%s of department %d, band %d: %d counted responses have no score", key.Measure, key.Department, key.Band, fresh.N)
		}
	}
	for key, stored := range v.stored.Scores {
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
		if v.stored.Values[key] != n {
			v.find("%s of department %d, band %d: a tally says %d, a recount says %d", key.Question, key.Department, key.Band, v.stored.Values[key], n)
		}
	}
	for key, n := range v.stored.Values {
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

// Rebuild makes the tallies and scores of every wave anew: closed waves from their responses; open ones from
// the responses that steps have counted, so that rebuilding shows nobody anything new.
func Rebuild(ctx context.Context, s *store.Store, qs Questionnaires) error {
	list, err := waves.List(s.Read(ctx), 0)
	if err != nil {
		return err
	}
	for _, w := range list {
		err := s.Transact(ctx, "tally: rebuild", func(tx *gorm.DB) error {
			counter, _, err := lockCounter(tx, w.ID, false)
			if err != nil {
				return err
			}
			return recountAny(tx, qs, w.ID, counter)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
