package analytics

import (
	"context"
	"math"
	"slices"

	"soundings/analytics/disclosure"
	"soundings/analytics/gate"
	"soundings/analytics/stats"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/people"
	"soundings/surveys/pitches"
	"soundings/surveys/store"
)

// TrialHalf is how many answers each half of a department must be expected to give before two texts are tried on it. Below it,
// halves that are 13 points apart could still be chance (standard deviation 25, see Outlook).
const TrialHalf = 30

// What an outlook assumes of a department of which nothing was told yet: how many of its people answer, and how far apart
// they are.
const (
	assumedShare = 0.5
	assumedSD    = 25.0
)

// Outlook is what a trial of two texts on a department could show, before anybody has answered.
type Outlook struct {
	Expected int     // answers: as many as the last wave about openness had that told of the department, else half of its headcount
	Asked    Wave    // that wave; its id is 0 where there is none
	Each     int     // answers of the smaller half
	Smallest float64 // difference, in points; at least the one a verdict asks for. 0 where there would be nothing to compare.
}

// Enough reports whether a trial can say anything.
func (o Outlook) Enough() bool { return o.Each >= TrialHalf }

// Outlook says what a trial on a department could show. Whatever it takes from answers has passed the gate.
func (r *Reader) Outlook(ctx context.Context, department surveys.Department) (Outlook, error) {
	all, err := r.Waves(ctx, 0)
	if err != nil {
		return Outlook{}, err
	}
	o, sd := Outlook{Expected: int(assumedShare * float64(department.Headcount))}, assumedSD
	for _, w := range slices.Backward(all) {
		if w.State != surveys.Closed || !w.measures(surveys.Openness) {
			continue
		}
		res, err := r.Results(ctx, Breakdown{Wave: w.ID, Construct: surveys.Openness, By: ByDepartment})
		if err != nil {
			return Outlook{}, err
		}
		at := slices.IndexFunc(res.Groups, func(g Named) bool { return g.Department.ID == department.ID })
		if at < 0 || !res.Groups[at].Shown() || !res.Groups[at].HasSD {
			continue
		}
		o.Asked, o.Expected, sd = w, res.Groups[at].N, res.Groups[at].SD
		break
	}
	o.Each = o.Expected / 2
	if smallest, ok := stats.SmallestChange(sd, o.Each, o.Expected-o.Each); ok {
		o.Smallest = max(smallest, stats.SmallestMove)
	}
	return o, nil
}

// Trial is two texts of a pitch as a wave tries them on a department, or has tried them. Chance decided who read which, so a
// clear difference is that of the texts. Of an open wave nothing is told.
type Trial struct {
	pitches.Trial
	Wave       Wave
	Department surveys.Department
	A, B       Group  // the openness of those who read each text
	Between    Change // B less A, corrected for all departments on which the wave tried texts. NotComparable where it is not told.
}

// Ended reports whether the trial is over.
func (t *Trial) Ended() bool { return t.Wave.State == surveys.Closed }

// Told reports whether the gate lets both halves be told.
func (t *Trial) Told() bool { return t.A.Shown() && t.B.Shown() }

// Trials returns what waves try of a change, or have tried, the oldest first.
func (r *Reader) Trials(ctx context.Context, change changes.ID) ([]Trial, error) {
	list, err := pitches.Trials(ctx, r.store, change)
	if err != nil {
		return nil, err
	}
	var waves []surveys.WaveID
	for _, t := range list {
		if !slices.Contains(waves, t.Wave) {
			waves = append(waves, t.Wave)
		}
	}
	var all []Trial
	for _, wave := range waves {
		of, err := r.TrialsOf(ctx, wave)
		if err != nil {
			return nil, err
		}
		all = append(all, of...)
	}
	return all, nil
}

// TrialsOf returns what one wave tries, or has tried.
func (r *Reader) TrialsOf(ctx context.Context, wave surveys.WaveID) (all []Trial, err error) {
	axis := func() ([]Wave, error) {
		w, err := r.WaveByID(ctx, wave)
		return []Wave{w}, err
	}
	err = r.steady(ctx, axis, func(at *state) (_ bool, err error) {
		all, err = r.trialsOf(ctx, at.axis[0])
		return false, err
	})
	return all, err
}

func (r *Reader) trialsOf(ctx context.Context, w Wave) ([]Trial, error) {
	list, err := pitches.TrialsOf(ctx, r.store, w.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	departments, err := people.Departments(ctx, r.store)
	if err != nil {
		return nil, err
	}
	halves, err := halvesOf(ctx, r.store, w)
	if err != nil {
		return nil, err
	}
	all := make([]Trial, len(list))
	for i, t := range list {
		all[i] = Trial{Trial: t, Wave: w, Department: surveys.Department{ID: t.Department}}
		if at := slices.IndexFunc(departments, func(d surveys.Department) bool { return d.ID == t.Department }); at >= 0 {
			all[i].Department = departments[at]
		}
		if split, ok := halves[t.Department]; ok {
			all[i].A = reveal(split.Decisions[0], split.Parts[0], nil, 0, "")
			all[i].B = reveal(split.Decisions[1], split.Parts[1], nil, 0, "")
		} else {
			all[i].A, all[i].B = unread(w), unread(w)
		}
	}
	compareTrials(all)
	return all, nil
}

// halvesOf is what may be told of those who read each text, by department.
func halvesOf(ctx context.Context, s *store.Store, w Wave) (map[surveys.DepartmentID]gate.Split, error) {
	if w.State != surveys.Closed {
		return nil, nil
	}
	openness := tally.OfConstruct(surveys.Openness)
	scores, err := tally.Scores(ctx, s, openness, []surveys.WaveID{w.ID})
	if err != nil {
		return nil, err
	}
	parts, err := tally.Parts(ctx, s, w.ID)
	if err != nil {
		return nil, err
	}
	counted := &gate.Wave{Document: w.Questionnaire.Document, State: w.State,
		Scores: map[tally.Measure]map[tally.Cell]tally.Score{openness: scores[w.ID]}}
	return counted.Halves(parts), nil
}

// unread is a half of whose people nothing is known.
func unread(w Wave) Group {
	if w.State != surveys.Closed {
		return Group{Level: disclosure.Hidden, Reason: disclosure.WaveOpen}
	}
	return Group{Level: disclosure.Hidden, Reason: disclosure.TooFew}
}

// compareTrials tests the trials of one wave, and corrects for all that are told together.
func compareTrials(all []Trial) {
	var ps []float64
	var tested []int
	for i := range all {
		t := &all[i]
		if !t.Told() {
			continue
		}
		if smallest, ok := stats.SmallestChange(pooledSD(t.A, t.B), t.A.N, t.B.N); ok {
			t.Between.Smallest = max(smallest, stats.SmallestMove)
		}
		if test, ok := stats.Welch(t.B.sums, t.A.sums); ok {
			t.Between.Difference, t.Between.Low, t.Between.High = test.Difference, test.Low, test.High
			ps, tested = append(ps, test.P), append(tested, i)
		}
	}
	for i, p := range stats.Holm(ps) {
		c := &all[tested[i]].Between
		c.P, c.Verdict = p, stats.Judge(c.Difference, p)
	}
}

// pooledSD is the standard deviation that two groups have in common.
func pooledSD(a, b Group) float64 {
	free := float64(a.N + b.N - 2)
	if !a.HasSD || !b.HasSD || free <= 0 {
		return 0
	}
	return math.Sqrt((float64(a.N-1)*a.SD*a.SD + float64(b.N-1)*b.SD*b.SD) / free)
}
