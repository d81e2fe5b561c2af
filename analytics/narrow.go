package analytics

import (
	"slices"

	"soundings/analytics/disclosure"
	"soundings/analytics/tally"
	"soundings/surveys"
)

// narrow withholds from the grid of an item what the grid of its construct, or of another of its items, does not show.
//
// A construct is the mean of its items, so that figures of one follow from those of the others: an item withheld because
// a department agrees on it is the construct less its other items, and a small department can be what is left of
// tables that each hide another one for its sake. Now items show only what the construct and all items show. Let the
// construct be the sum of items a and b, and let a reader add up groups of a, of b and of the construct, u, v and w by
// name. If nothing of b is to be left, w takes away what v adds, and so is made of groups that b shows, which a shows
// as well. So u and w are groups of a's own table, and what that shows is safe together. The same goes for more items.
//
// This is about people who answered all items or none. The answers of those who left some out are what the construct and
// its items differ by; see narrowItem.
func (g *grid) narrow(other *grid) {
	d := &g.decisions
	withhold(&d.Total, other.decisions.Total)
	for i, department := range g.departments {
		withhold(&d.Rows[i], other.ofDepartment(department))
		for j, band := range g.bands {
			withhold(&d.Cells[i][j], other.ofCell(department, band))
		}
	}
	for j, band := range g.bands {
		withhold(&d.Columns[j], other.ofBand(band))
	}
}

// relative is a measure that the grid of an item is narrowed by.
type relative struct {
	measure  tally.Measure
	question *surveys.Question // nil for the construct
}

// relatives are the construct of an item and the construct's other items. Of a named survey, whose people agreed to be
// named, nothing needs to be withheld.
func relatives(doc *surveys.Document, q *surveys.Question) []relative {
	if q.Construct == "" || doc.Anonymity == surveys.Named {
		return nil
	}
	list := []relative{{tally.OfConstruct(q.Construct), nil}}
	for _, item := range doc.Items(q.Construct) {
		if item.ID != q.ID {
			list = append(list, relative{tally.OfQuestion(item.ID), item})
		}
	}
	return list
}

// copied is a grid whose decisions can be narrowed without touching those of g.
func (g *grid) copied() *grid {
	c, d := *g, &g.decisions
	c.decisions.Rows, c.decisions.Columns = slices.Clone(d.Rows), slices.Clone(d.Columns)
	c.decisions.Cells = make([][]disclosure.Decision, len(d.Cells))
	for i, row := range d.Cells {
		c.decisions.Cells[i] = slices.Clone(row)
	}
	return &c
}

func withhold(d *disclosure.Decision, other disclosure.Decision) {
	if d.Level == disclosure.Shown && other.Level != disclosure.Shown {
		*d = disclosure.Decision{Level: disclosure.Hidden, Reason: disclosure.Protects}
	}
}

// narrowed reports whether a question is one of several items of a construct, and people are not named.
func narrowed(doc *surveys.Document, q *surveys.Question) bool {
	return q.Construct != "" && doc.Anonymity != surveys.Named && len(doc.Items(q.Construct)) > 1
}

// narrowItem withholds from the grid of an item what, beside its construct and the other items, would tell of too few
// people who left an item out; see disclosure.Items. The last item withholds more than the others.
//
// While results are shown before the closing, the construct and its items need not have counted the same people. So the
// items wait for the closing; and as readers then know the construct of earlier moments, too, the last shows nothing
// if anybody left something out.
func (g *grid) narrowItem(wave Wave, item *surveys.Question, whole, partial map[tally.Cell]tally.Score) {
	doc := wave.Questionnaire.Document
	last := tally.Last(doc, item)
	if len(whole)+len(partial) == 0 { // counted before these were; soundings rebuild counts them
		g.narrow(&grid{})
		return
	}
	if wave.State != surveys.Closed || doc.Results == surveys.WhileOpen && last && len(partial) > 0 {
		g.narrow(&grid{}) // of which nothing is shown
		return
	}
	rule := disclosure.Rule{Minimum: doc.SmallestGroup()}.Weighed()
	ofItems, ofLast := map[tally.Cell]disclosure.Aggregate{}, map[tally.Cell]disclosure.Aggregate{}
	for _, scores := range []map[tally.Cell]tally.Score{whole, partial} {
		for cell := range scores {
			ofItems[cell], ofLast[cell] = disclosure.Items(whole[cell].Aggregate(), partial[cell].Aggregate())
		}
	}
	g.narrow(weighed(rule, ofItems))
	if last {
		g.narrow(weighed(rule, ofLast))
	}
}

// weighed decides about a table of disclosure.Items, and lets groups of nobody be known to be empty.
func weighed(rule disclosure.Rule, cells map[tally.Cell]disclosure.Aggregate) *grid {
	shown := disclosure.Decision{Level: disclosure.Shown}
	g := &grid{empty: shown}
	g.departments, g.bands = sides(cells)
	table := make([][]disclosure.Aggregate, len(g.departments))
	columns := make([]int, len(g.bands))
	for i, d := range g.departments {
		table[i] = make([]disclosure.Aggregate, len(g.bands))
		for j, b := range g.bands {
			table[i][j] = cells[tally.Cell{Department: d, Band: b}]
			columns[j] += table[i][j].N
		}
	}
	g.decisions = rule.Table(table)
	for i, row := range table {
		sum := 0
		for j, cell := range row {
			if sum += cell.N; cell.N == 0 {
				g.decisions.Cells[i][j] = shown
			}
		}
		if sum == 0 {
			g.decisions.Rows[i] = shown
		}
	}
	for j, n := range columns {
		if n == 0 {
			g.decisions.Columns[j] = shown
		}
	}
	if !slices.ContainsFunc(columns, func(n int) bool { return n > 0 }) {
		g.decisions.Total = shown
	}
	return g
}

func (g *grid) ofDepartment(id surveys.DepartmentID) disclosure.Decision {
	if i, ok := slices.BinarySearch(g.departments, id); ok {
		return g.decisions.Rows[i]
	}
	return g.empty
}

func (g *grid) ofBand(id surveys.BandID) disclosure.Decision {
	if j, ok := slices.BinarySearch(g.bands, id); ok {
		return g.decisions.Columns[j]
	}
	return g.empty
}

func (g *grid) ofCell(d surveys.DepartmentID, b surveys.BandID) disclosure.Decision {
	i, okRow := slices.BinarySearch(g.departments, d)
	j, okColumn := slices.BinarySearch(g.bands, b)
	if !okRow || !okColumn {
		return g.empty
	}
	return g.decisions.Cells[i][j]
}
