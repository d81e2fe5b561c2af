package tally

import (
	"slices"
	"strings"

	"soundings/surveys"
)

// OfTotal is the measure of the sum of all items of a construct, over the people of a wave who answered every one of
// them. With OfItem it is what the reliability of the construct follows from.
//
// Both are counted when a wave closes, for all its people together: reliability is told of nobody else, and a figure by
// department would have to be told beside that of the construct, which a few more people have answered.
func OfTotal(construct string) Measure { return Measure(totals + construct) }

// OfItem is the measure of one item over the people who answered all items of its construct.
func OfItem(id string) Measure { return Measure(parts + id) }

// OfWhole is the measure of those of a cell who answered all items of a construct of several items, OfPartial that of
// those who answered some and left out others. They are never shown: the gate needs them, as the answers of the latter
// are what the construct and its items, added up, differ by (see disclosure.Items).
func OfWhole(construct string) Measure   { return Measure(wholes + construct) }
func OfPartial(construct string) Measure { return Measure(partials + construct) }

const totals, parts, wholes, partials = "t.", "i.", "w.", "p."

// Internal reports whether it is a measure of people who answered several items, or not all of them: one that no page shows.
func (m Measure) Internal() bool {
	return slices.ContainsFunc([]string{totals, parts, wholes, partials}, func(prefix string) bool { return strings.HasPrefix(string(m), prefix) })
}

// Last reports whether a question is the last item of its construct: the one that gives way where the others would tell
// of too few people. It is the last, whatever people answered: another one at another time would give the first away.
func Last(doc *surveys.Document, q *surveys.Question) bool {
	items := doc.Items(q.Construct)
	return q.Construct != "" && items[len(items)-1].ID == q.ID
}

// joint is a construct of several items, for counting those who answered all of them.
type joint struct {
	construct   string
	items       []*surveys.Question
	denominator int64
}

func jointsOf(doc *surveys.Document) (list []joint) {
	for _, id := range doc.ConstructIDs() {
		if items := doc.Items(id); len(items) > 1 {
			list = append(list, joint{id, items, doc.ItemDenominator(id)})
		}
	}
	return list
}

// together lists what somebody adds to the constructs of which they answered every item.
func (c *counter) together(answers surveys.Answers) (list []contribution) {
	for _, j := range c.joints {
		if !j.complete(answers) {
			continue
		}
		sum := surveys.Fraction{Den: j.denominator}
		for _, item := range j.items {
			number := answers[item.ID].Number
			score := item.ItemScore(number)
			sum.Num += score.Num * (j.denominator / score.Den)
			list = append(list, contribution{measure: OfItem(item.ID), score: one(score, item.Side(number)), whole: true})
		}
		list = append(list, contribution{measure: OfTotal(j.construct), score: one(sum, surveys.Neutral), whole: true})
	}
	return list
}

func (j *joint) complete(answers surveys.Answers) bool {
	for _, item := range j.items {
		if _, ok := answers[item.ID]; !ok {
			return false
		}
	}
	return true
}
