package report

import (
	"iter"
	"slices"
	"strconv"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/surveys"
)

// What a group is a group of.
const (
	byOrganisation = "organisation"
	byDepartment   = "department"
	byBand         = "band"
)

// What a figure is of, beside the kinds of questions.
const (
	participation = "participation" // how many took part, whatever they answered
	construct     = "construct"
	answer        = "answer" // one value or option of a question
	driver        = "driver" // how a statement goes with a construct
	trial         = "trial"  // the half of a department that read one of two texts
)

// figure is what results tell of one group and one measure of one wave.
type figure struct {
	res      *analytics.WaveResults
	by       string
	unit     analytics.Unit
	kind     string
	measured *analytics.Measured // nil: participation
	value    string              // of an answer
	told     analytics.Told
	taken    analytics.Presence    // who took part of the group, whatever they answered
	presence *analytics.Presence   // the same, of participation
	option   *analytics.OptionTold // of an answer that is an option
	share    analytics.Share       // of an answer
	driver   *analytics.Driver
	trial    *analytics.Trial
	variant  surveys.Variant // of a trial
}

// group names the department or band; "" for the whole organisation.
func (f figure) group() string {
	if f.by == byBand {
		return f.unit.Band.Name
	}
	return f.unit.Department.Name
}

// measure is the id of what is measured; of an answer, the question and the value, of a driver, the construct and the
// question, of a trial, the construct and the text.
func (f figure) measure() string {
	switch {
	case f.trial != nil:
		return surveys.Openness + "." + f.variant.String()
	case f.measured == nil:
		return participation
	case f.driver != nil:
		return f.measured.Construct + "." + f.driver.Question.ID
	case f.measured.Question == nil:
		return f.measured.Construct
	case f.kind == answer:
		return f.measured.Question.ID + "." + f.value
	}
	return f.measured.Question.ID
}

// all lists every figure: wave by wave, who took part, then measure by measure; the organisation, its departments, its
// bands; after a construct what goes with it, after a question the answers to it; last the texts that were tried.
func (g *Gathered) all() iter.Seq[figure] {
	return func(yield func(figure) bool) {
		for i, res := range g.Waves {
			bands := g.Bands[i]
			for at := -1; at < len(res.Measures); at++ {
				for f := range ofMeasure(res, bands, at) {
					if !yield(f) {
						return
					}
				}
			}
			for f := range g.ofTrials(i) {
				if !yield(f) {
					return
				}
			}
		}
	}
}

// ofTrials lists the two halves of each department on which a wave tried two texts.
func (g *Gathered) ofTrials(wave int) iter.Seq[figure] {
	return func(yield func(figure) bool) {
		if wave >= len(g.Trials) {
			return
		}
		for i := range g.Trials[wave] {
			t := &g.Trials[wave][i]
			f := figure{res: g.Waves[wave], by: byDepartment, unit: analytics.Unit{Department: t.Department}, kind: trial, trial: t, taken: takenIn(g.Waves[wave], t.Department)}
			for at, half := range []analytics.Group{t.A, t.B} {
				f.variant, f.told.Group = surveys.Variants()[at], half
				if !yield(f) {
					return
				}
			}
		}
	}
}

// takenIn is who took part of a department.
func takenIn(res *analytics.WaveResults, d surveys.Department) (p analytics.Presence) {
	if at := slices.IndexFunc(res.Units, func(u analytics.Unit) bool { return u.Department.ID == d.ID }); at >= 0 {
		p = res.Taken[at]
	}
	return p
}

// ofMeasure lists the figures of one measure of a wave; of who took part for -1.
func ofMeasure(res, bands *analytics.WaveResults, at int) iter.Seq[figure] {
	return func(yield func(figure) bool) {
		for f := range groups(res, bands, at) {
			if !yield(f) {
				return
			}
		}
		if at < 0 {
			return
		}
		parts := answers
		if res.Measures[at].Question == nil {
			parts = drivers
		}
		for f := range groups(res, bands, at) {
			for part := range parts(f) {
				if !yield(part) {
					return
				}
			}
		}
	}
}

// groups lists a measure by group: the organisation, its departments, its bands.
func groups(res, bands *analytics.WaveResults, at int) iter.Seq[figure] {
	return func(yield func(figure) bool) {
		if !yield(of(res, byOrganisation, at, -1)) {
			return
		}
		for i := range res.Units {
			if !yield(of(res, byDepartment, at, i)) {
				return
			}
		}
		for i := range bands.Units {
			if !yield(of(bands, byBand, at, i)) {
				return
			}
		}
	}
}

// of is one figure: of a unit, or of the whole for -1.
func of(res *analytics.WaveResults, by string, at, unit int) figure {
	f := figure{res: res, by: by}
	f.taken = res.TakenAll
	if unit >= 0 {
		f.unit, f.taken = res.Units[unit], res.Taken[unit]
	}
	if at < 0 {
		presence := f.taken
		f.kind, f.presence, f.told.Group = participation, &presence, presence.Group
		return f
	}
	m := &res.Measures[at]
	f.measured, f.kind, f.told = m, construct, m.Total
	if m.Question != nil {
		f.kind = string(m.Question.Kind)
	}
	if unit >= 0 {
		f.told = m.Units[unit]
	}
	return f
}

// answers lists how often each answer to a question was given, those that nobody gave too; none of a group that is not
// shown exactly. Of a ranking it is how often an option came first.
func answers(f figure) iter.Seq[figure] {
	return func(yield func(figure) bool) {
		if !f.told.Shown() {
			return
		}
		f.kind = answer
		for i := range f.told.Options {
			o := &f.told.Options[i]
			f.value, f.option, f.share = o.ID, o, o.Share
			if !yield(f) {
				return
			}
		}
		if !f.measured.Question.Scored() {
			return
		}
		low, high := f.measured.Question.Range()
		for v := low; v <= high; v++ {
			f.value = strconv.Itoa(v)
			f.share = f.told.Answer(f.value)
			if !yield(f) {
				return
			}
		}
	}
}

// drivers lists how statements go with a construct in a group, as far as it may be told; by band it never is.
func drivers(f figure) iter.Seq[figure] {
	return func(yield func(figure) bool) {
		if f.by == byBand {
			return
		}
		all := f.res.Drivers(f.measured.Construct)
		list := all.Everyone()
		if f.by == byDepartment {
			list = all.Of(f.unit.Department.ID)
		}
		f.kind = driver
		for i := range list {
			if f.by == byDepartment && list[i].Everyone {
				continue // stands among the organisation's
			}
			f.driver = &list[i]
			f.told = analytics.Told{Group: analytics.Group{Level: disclosure.Shown, N: f.driver.N, Headcount: f.told.Headcount}}
			if !yield(f) {
				return
			}
		}
	}
}

// hidden lists the groups of a wave that something is hidden of, with how many measures and the reasons.
func hidden(res, bands *analytics.WaveResults) (list []concealed) {
	for at := -1; at < len(res.Measures); at++ {
		for f := range groups(res, bands, at) {
			if f.told.Level != disclosure.Hidden {
				continue
			}
			i := slices.IndexFunc(list, func(c concealed) bool { return c.by == f.by && c.group == f.group() && c.reason == f.told.Reason })
			if i < 0 {
				list, i = append(list, concealed{f.by, f.group(), f.told.Reason, 0}), len(list)
			}
			list[i].measures++
		}
	}
	return list
}

// concealed is a group of which figures are hidden for a reason.
type concealed struct {
	by, group string
	reason    disclosure.Reason
	measures  int
}

// verdict is the name of a judgement in files; "" where nothing was compared.
func verdict(c analytics.Change, of *analytics.Measured) string {
	if of == nil || of.Comparison != analytics.Compared {
		return ""
	}
	return c.Verdict.String()
}

// wording is what a question says in a language.
func wording(doc *surveys.Document, q *surveys.Question, lang string) string {
	if t := doc.Translations[lang].Questions[q.ID].Text; t != "" {
		return t
	}
	return q.Text
}

// called names a construct: as the survey that defines it does, or else by the reader's words.
func (w Words) called(doc *surveys.Document, construct string) string {
	for _, c := range doc.Constructs {
		if c.ID == construct && c.Name != "" {
			return c.Name
		}
	}
	return w.Measure(construct)
}
