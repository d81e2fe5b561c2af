package analytics

import (
	"cmp"
	"context"
	"slices"
	"time"

	"soundings/analytics/disclosure"
	"soundings/surveys"
	"soundings/surveys/history"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

// Imported is what was measured elsewhere, earlier. It is drawn, and never tested: nobody knows how it spreads. A share of
// favourable answers is not a mean; where Scale says so, only its direction can be compared with a trend's means.
type Imported struct {
	Scale   history.Scale
	Periods []history.Period
	Lines   []PastLine
}

// PastLine is one department's earlier results, or those of a name that means none that is known.
type PastLine struct {
	Department surveys.Department // zero for other names, and for the organisation
	Everybody  bool               // the organisation as a whole
	Name       string
	Names      []string // as the files write it
	Points     []Past   // by period
}

// Past is one earlier result.
type Past struct {
	Measured bool // there is one
	disclosure.Decision
	Value float64
	N     int // 0: not known
	Parts int // parts of the department that it is the mean of, as far as they were told apart
}

// Shown reports whether the value may be told.
func (p Past) Shown() bool { return p.Measured && p.Level == disclosure.Shown }

// with is the value of two groups together: by people where both are known, else by parts. It is hidden if that of one of
// them is, so that joining names and measures tells nothing more.
func (p Past) with(v history.Value, told disclosure.Decision) Past {
	if !p.Measured {
		return Past{Measured: true, Decision: told, Value: v.Value, N: v.N, Parts: v.Parts}
	}
	if p.Level == disclosure.Shown {
		p.Decision = told
	}
	mine, theirs := float64(p.Parts), float64(v.Parts)
	people := 0
	if p.N > 0 && v.N > 0 {
		mine, theirs, people = float64(p.N), float64(v.N), p.N+v.N
	}
	return Past{Measured: true, Decision: p.Decision, Value: (p.Value*mine + v.Value*theirs) / (mine + theirs), N: people, Parts: p.Parts + v.Parts}
}

// Only is what somebody may see who sees some departments: those, and the organisation.
func (i *Imported) Only(sees func(surveys.DepartmentID) bool) *Imported {
	some := *i
	some.Lines = slices.DeleteFunc(slices.Clone(i.Lines), func(l PastLine) bool { return !l.Everybody && !sees(l.Department.ID) })
	return &some
}

// Before is what was measured before a day.
func (i *Imported) Before(day time.Time) *Imported {
	some := *i
	n := len(i.Periods)
	for n > 0 && !i.Periods[n-1].Start().Before(day) {
		n--
	}
	some.Periods = i.Periods[:n]
	some.Lines = nil
	for _, l := range i.Lines {
		l.Points = l.Points[:n]
		if slices.ContainsFunc(l.Points, Past.Shown) {
			some.Lines = append(some.Lines, l)
		}
	}
	return &some
}

// Imported reads the earlier results of a measure on a scale.
func (r *Reader) Imported(ctx context.Context, measure string, scale history.Scale) (*Imported, error) {
	return r.imported(r.store.Read(ctx), scale, measure)
}

// Beginning reads what begins the trend of what is asked for, before its first wave opened: earlier means if there are any,
// else shares. It is nil where there are none; they know of no bands.
func (r *Reader) Beginning(ctx context.Context, ask TrendQuery, t *Trend) (*Imported, error) {
	if ask.Band != 0 || len(t.Waves) == 0 {
		return nil, nil
	}
	target := ask.Construct
	if ask.Question != "" {
		target = "q." + ask.Question
	}
	db := r.store.Read(ctx)
	kept, err := history.Beginnings(db, target)
	if err != nil {
		return nil, err
	}
	for _, scale := range []history.Scale{history.Mean, history.Favourable} {
		var names []string
		for _, k := range kept {
			if k.Scale == scale {
				names = append(names, k.Measure)
			}
		}
		if len(names) == 0 {
			continue
		}
		all, err := r.imported(db, scale, names...)
		if err != nil {
			return nil, err
		}
		if all = all.Before(t.Waves[0].Opened); len(all.Lines) > 0 {
			return all, nil
		}
	}
	return nil, nil
}

func (r *Reader) imported(db *store.Tx, scale history.Scale, measures ...string) (*Imported, error) {
	var values []history.Value
	for _, m := range measures {
		list, err := history.Values(db, m, scale)
		if err != nil {
			return nil, err
		}
		values = append(values, list...)
	}
	meanings, err := history.ReadMeanings(db)
	if err != nil {
		return nil, err
	}
	departments, err := people.DepartmentsIn(db)
	if err != nil {
		return nil, err
	}
	i := &Imported{Scale: scale, Periods: history.Periods(values)}
	told := gated(values, meanings)
	for n, v := range values {
		l := i.line(v.Name, meanings.Of(v.Name), departments)
		at := slices.Index(i.Periods, v.Period)
		l.Points[at] = l.Points[at].with(v, told[n])
	}
	return i, nil
}

// line finds the line of a name, or begins it.
func (i *Imported) line(name string, means history.Meaning, departments []surveys.Department) *PastLine {
	at := slices.IndexFunc(i.Lines, func(l PastLine) bool {
		switch {
		case means.Known():
			return l.Everybody == means.Everybody && l.Department.ID == means.Department
		default:
			return !l.Everybody && l.Department.ID == 0 && history.Key(l.Name) == history.Key(name)
		}
	})
	if at < 0 {
		l := PastLine{Everybody: means.Everybody, Name: name, Points: make([]Past, len(i.Periods))}
		if d := slices.IndexFunc(departments, func(d surveys.Department) bool { return d.ID == means.Department }); d >= 0 {
			l.Department, l.Name = departments[d], departments[d].Name
		}
		at, i.Lines = len(i.Lines), append(i.Lines, l)
	}
	l := &i.Lines[at]
	if !slices.ContainsFunc(l.Names, func(n string) bool { return history.Key(n) == history.Key(name) }) {
		l.Names = append(l.Names, name)
	}
	return l
}

// gated decides over values of one scale, each measure and period by itself, and by the names of the files: whatever these
// are joined to, and however often that changes, what is told adds up from the same.
func gated(values []history.Value, meanings *history.Meanings) []disclosure.Decision {
	told := make([]disclosure.Decision, len(values))
	type moment struct {
		measure string
		period  history.Period
	}
	at := map[moment][]int{}
	for n, v := range values {
		m := moment{history.Key(v.Measure), v.Period}
		at[m] = append(at[m], n)
	}
	for _, which := range at {
		gateMoment(values, which, func(n int) bool { return meanings.Of(values[n].Name).Everybody }, told)
	}
	return told
}

// gateMoment decides over what was measured of several groups at once. What is kept stands for enough people already; what
// remains is the difference between a whole and its parts: where the people of the parts that are known leave a few of the
// whole, the smallest part is hidden with them. Which is the whole is known where its name was joined to the organisation;
// otherwise the largest is taken for it, if it has more people than all others together. Values without people are told
// on the word of whoever took them in, and so are parts that overlap.
func gateMoment(values []history.Value, which []int, everybody func(int) bool, told []disclosure.Decision) {
	rule := disclosure.Rule{Minimum: history.Minimum}
	var wholes, parts []int
	for _, n := range which {
		told[n] = disclosure.Decision{Level: disclosure.Shown}
		switch people := values[n].N; {
		case people == 0:
		case everybody(n):
			wholes = append(wholes, n)
		default:
			parts = append(parts, n)
		}
		if values[n].N > 0 && !rule.Safe(disclosure.Aggregate{N: values[n].N}) {
			told[n] = disclosure.Decision{Level: disclosure.Hidden, Reason: disclosure.TooFew}
		}
	}
	if len(wholes) == 0 && len(parts) > 0 {
		largest := slices.MaxFunc(parts, func(a, b int) int { return cmp.Compare(values[a].N, values[b].N) })
		wholes = []int{largest}
		parts = slices.DeleteFunc(parts, func(n int) bool { return n == largest })
	}
	groups := make([]disclosure.Aggregate, 1, len(parts)+1)
	sum := 0
	for _, n := range parts {
		sum += values[n].N
		groups = append(groups, disclosure.Aggregate{N: values[n].N})
	}
	slices.SortFunc(wholes, func(a, b int) int { return cmp.Compare(values[b].N, values[a].N) })
	for at, whole := range wholes {
		// The organisation under two names, of which one leaves a few out.
		if at > 0 && values[whole].N != values[wholes[at-1]].N && values[wholes[at-1]].N-values[whole].N < history.Minimum {
			told[whole] = disclosure.Decision{Level: disclosure.Hidden, Reason: disclosure.Protects}
		}
		groups[0].N = values[whole].N - sum // of the whole, without the parts that are known
		if groups[0].N <= 0 {
			continue
		}
		_, each := rule.Groups(groups)
		for at, n := range parts {
			if each[at+1].Level != disclosure.Shown {
				told[n] = each[at+1]
			}
		}
	}
}
