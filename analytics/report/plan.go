package report

import (
	"soundings/analytics/disclosure"
	"soundings/analytics/gate"
	"soundings/analytics/tally"
	"soundings/surveys"
)

// plan is what may be written of each response of a wave. It depends on groups only, never on a single response.
type plan struct {
	rule     disclosure.Rule
	everyone table
	named    map[surveys.DepartmentID]telling
	unnamed  []surveys.DepartmentID // their rows together are one group without a name
	rest     telling                // of these rows
}

// telling is what the rows of one group may hold.
type telling struct {
	questions map[string]bool
	bands     bool
}

// newPlan decides. A department is named where the pages tell how many of it took part. Its answers to a question are
// written where the pages tell its figure exactly; of an item, that is where they tell its construct and all other items but
// the last, too. Departments that are not named form one group, whose answers are written if the gate lets their sum be
// told beside everything on the pages.
func newPlan(w *gate.Wave) *plan {
	doc := w.Document
	p := &plan{rule: disclosure.Rule{Minimum: doc.SmallestGroup()}, named: map[surveys.DepartmentID]telling{}}
	p.everyone = table{w.Table(tally.Everyone)}
	if !p.any() {
		return p
	}
	measured := map[string]table{}
	for i := range doc.Questions {
		if q := &doc.Questions[i]; q.Kind != surveys.Text {
			measured[q.ID] = table{w.Table(tally.OfQuestion(q.ID))}
		}
	}
	for _, d := range p.everyone.Departments {
		if !p.everyone.shows(d) {
			p.unnamed = append(p.unnamed, d)
			continue
		}
		p.named[d] = p.tellingOf(d, measured)
	}
	p.rest = telling{questions: map[string]bool{}}
	joined := w.Joining(p.unnamed)
	for id := range measured {
		p.rest.questions[id] = showsTogether(w, joined, p.unnamed, tally.OfQuestion(id))
	}
	return p
}

// any reports whether the wave as a whole is large enough for a file.
func (p *plan) any() bool { return p.everyone.Decisions.Total.Level == disclosure.Shown }

func (p *plan) tellingOf(d surveys.DepartmentID, measured map[string]table) telling {
	tell := telling{questions: map[string]bool{}, bands: p.everyone.showsBands(d)}
	for id, t := range measured {
		if t.shows(d) {
			tell.questions[id] = true
			tell.bands = tell.bands && t.showsBands(d)
		}
	}
	return tell
}
