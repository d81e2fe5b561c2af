package surveys

import "strconv"

// Fraction is a score between 0 and 1 kept exactly: Num/Den. All scores of one measure in one wave share their Den,
// so sums and sums of squares over respondents are whole numbers and a recount equals them to the last bit,
// in whatever order it adds. With at most 16 items in a construct the squares of 100,000 people fit an int64.
type Fraction struct{ Num, Den int64 }

// Percent is the score on the printed scale, 0 to 100.
func (f Fraction) Percent() float64 { return 100 * float64(f.Num) / float64(f.Den) }

// Side is the side of the scale an answer or score falls on.
type Side int

const (
	Unfavourable Side = -1
	Neutral      Side = 0
	Favourable   Side = 1
)

// Range is the lowest and highest value of a scale or recommend question.
func (q *Question) Range() (low, high int) {
	if q.Kind == Recommend {
		return 0, 10
	}
	return 1, q.Points
}

// Scored reports whether answers of the question have a number on a scale.
func (q *Question) Scored() bool { return q.Kind == Scale || q.Kind == Recommend }

// ItemScore is (x-min)/(max-min) of one answer, turned first where the question is reversed (MEASURES, item score).
func (q *Question) ItemScore(value int) Fraction {
	low, high := q.Range()
	if q.Reversed {
		value = low + high - value
	}
	return Fraction{int64(value - low), int64(high - low)}
}

// Side tells on which side one answer falls: of 5 points 4-5, of 7 points 5-7, of 0-10 9-10 are favourable;
// 1-2, 1-3 and 0-6 unfavourable; reversed questions are turned first (MEASURES, favourable).
func (q *Question) Side(value int) Side {
	low, high := q.Range()
	if q.Reversed {
		value = low + high - value
	}
	switch {
	case q.Kind == Recommend && value >= 9, q.Kind == Scale && 2*value > low+high:
		return Favourable
	case q.Kind == Recommend && value >= 7, q.Kind == Scale && 2*value == low+high:
		return Neutral
	}
	return Unfavourable
}

// Side tells on which side a construct's score falls: favourable from 62.5, unfavourable below 37.5.
func (f Fraction) Side() Side {
	switch {
	case 8*f.Num >= 5*f.Den:
		return Favourable
	case 8*f.Num < 3*f.Den:
		return Unfavourable
	}
	return Neutral
}

// Denominator is the one all scores of the construct are written with: the least that holds the mean of any
// number of its items exactly. It is 0 for a construct the document does not measure.
func (d *Document) Denominator(construct string) int64 {
	items := d.Items(construct)
	if len(items) == 0 {
		return 0
	}
	means := int64(1)
	for m := range items {
		means = lcm(means, int64(m+1))
	}
	return d.ItemDenominator(construct) * means
}

// ItemDenominator is the least that holds the score of each item of the construct, and so their sum, exactly.
func (d *Document) ItemDenominator(construct string) int64 {
	den := int64(1)
	for _, item := range d.Items(construct) {
		low, high := item.Range()
		den = lcm(den, int64(high-low))
	}
	return den
}

// ConstructScore is the mean of the answered items' scores, if at least half of the items were answered.
func (d *Document) ConstructScore(construct string, answers Answers) (Fraction, bool) {
	mean, answered, items := d.MeanOfItems(construct, answers)
	return mean, answered > 0 && 2*answered >= items
}

// MeanOfItems is the mean of the answered items' scores, however few these are, of how many items.
func (d *Document) MeanOfItems(construct string, answers Answers) (mean Fraction, answered, items int) {
	list := d.Items(construct)
	den := d.Denominator(construct)
	var sum int64
	for _, item := range list {
		if a, ok := answers[item.ID]; ok {
			s := item.ItemScore(a.Number)
			sum += s.Num * (den / s.Den)
			answered++
		}
	}
	if answered == 0 {
		return Fraction{}, 0, len(list)
	}
	// den holds a factor for every possible number of items, so this division leaves no remainder.
	return Fraction{sum / int64(answered), den}, answered, len(list)
}

// Values lists what is tallied for an answer: the number, each chosen option, or "option:rank" for a ranking.
func (q *Question) Values(a Answer) []string {
	switch q.Kind {
	case Scale, Recommend:
		return []string{strconv.Itoa(a.Number)}
	case Ranking:
		values := make([]string, len(a.Options))
		for i, o := range a.Options {
			values[i] = o + ":" + strconv.Itoa(i+1)
		}
		return values
	}
	return a.Options
}

func lcm(a, b int64) int64 {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	return a / x * b
}
