package tally

import (
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

const totals, parts = "t.", "i."

func (m Measure) joint() bool {
	return strings.HasPrefix(string(m), totals) || strings.HasPrefix(string(m), parts)
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
