package report

import (
	"slices"

	"soundings/analytics/disclosure"
	"soundings/analytics/tally"
	"soundings/surveys"
)

// plan is what may be written of each response of a wave. It depends on groups only, never on a single response.
type plan struct {
	rule     disclosure.Rule
	everyone *table
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
// written where the pages tell its figure exactly; those of a question that measures a construct only where they
// tell that and all its other items, too, since whoever has the answers has the construct. Departments that are not named form one
// group, whose answers are written if the gate lets their sum be told beside everything on the pages.
func newPlan(doc *surveys.Document, counts *tally.Counts) *plan {
	p := &plan{rule: disclosure.Rule{Minimum: doc.SmallestGroup()}, named: map[surveys.DepartmentID]telling{}}
	p.everyone = newTable(p.rule, counts, tally.Everyone, "")
	if !p.any() {
		return p
	}
	measured := p.tables(doc, counts)
	for _, d := range p.everyone.departments {
		if !p.everyone.shows(d) {
			p.unnamed = append(p.unnamed, d)
			continue
		}
		p.named[d] = p.tellingOf(d, measured)
	}
	p.rest = telling{questions: map[string]bool{}}
	together := map[*table]bool{} // a construct and its items are asked about once, not for each of the items
	for id, tables := range measured {
		p.rest.questions[id] = !slices.ContainsFunc(tables, func(t *table) bool {
			if _, asked := together[t]; !asked {
				together[t] = t.showsTogether(p.unnamed)
			}
			return !together[t]
		})
	}
	return p
}

// any reports whether the wave as a whole is large enough for a file.
func (p *plan) any() bool { return p.everyone.decisions.Total.Level == disclosure.Shown }

// tables holds, by question, what must be told for its answers to be written: the question, and, where it measures a
// construct, the construct and its other items as well - an item that is withheld is the construct less the others - and what those
// who left something out ask for. The pages ask the same (analytics' narrow and narrowItem).
func (p *plan) tables(doc *surveys.Document, counts *tally.Counts) map[string][]*table {
	families := map[string][]*table{}
	for _, id := range doc.ConstructIDs() {
		families[id] = []*table{newTable(p.rule, counts, tally.OfConstruct(id), "")}
	}
	tables := map[string][]*table{}
	for i := range doc.Questions {
		q := &doc.Questions[i]
		if q.Kind == surveys.Text {
			continue
		}
		own := newTable(p.rule, counts, tally.OfQuestion(q.ID), q.ID)
		tables[q.ID] = []*table{own}
		if q.Construct != "" {
			families[q.Construct] = append(families[q.Construct], own)
		}
	}
	for id, family := range families {
		items, last := newItems(p.rule, counts, doc, id)
		for _, item := range doc.Items(id) {
			tables[item.ID] = append(slices.Clone(family), items)
			if tally.Last(doc, item) {
				tables[item.ID] = append(tables[item.ID], last)
			}
		}
	}
	return tables
}

func (p *plan) tellingOf(d surveys.DepartmentID, measured map[string][]*table) telling {
	tell := telling{questions: map[string]bool{}, bands: p.everyone.showsBands(d)}
	for id, tables := range measured {
		if slices.ContainsFunc(tables, func(t *table) bool { return !t.shows(d) }) {
			continue
		}
		tell.questions[id] = true
		tell.bands = tell.bands && !slices.ContainsFunc(tables, func(t *table) bool { return !t.showsBands(d) })
	}
	return tell
}
