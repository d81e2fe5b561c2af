package stats

import "math"

const (
	// AlphaMinItems is the least number of items for which Cronbach's alpha is shown;
	// two have Spearman-Brown instead, one has no reliability.
	AlphaMinItems = 3
	// AlphaMinPersons is the least number of complete persons for any reliability.
	AlphaMinPersons = 30
	// AlphaFewPersons is the number of complete persons below which it carries a warning.
	AlphaFewPersons = 100
)

// Alpha is Cronbach's k/(k-1) * (1 - sum of item variances / variance of the totals),
// all with n-1 and over the same persons, those who answered every item; k is the
// number of item variances. It can be negative. ok is false under two items, and
// when the totals do not vary.
//
// This is the bare formula; the thresholds are in [ReliabilityOf].
func Alpha(itemVariances []float64, totalVariance float64) (alpha float64, ok bool) {
	k := float64(len(itemVariances))
	if k < 2 || !(totalVariance > 0) {
		return 0, false
	}
	within := 0.0
	for _, v := range itemVariances {
		within += v
	}
	return k / (k - 1) * (1 - within/totalVariance), true
}

// SpearmanBrown is the reliability 2r/(1+r) of a construct of two items that correlate
// by r; ok is false at r <= -1 and for a number that is no correlation.
func SpearmanBrown(r float64) (reliability float64, ok bool) {
	if !(r > -1 && r <= 1) {
		return 0, false
	}
	return 2 * r / (1 + r), true
}

// CompleteRows gathers the item scores of the persons who answered all items of a
// construct, which is what reliability is computed over. Reversed items are turned
// before they come here.
type CompleteRows struct {
	items []Sums
	total Sums
}

// NewCompleteRows is empty, for a construct of so many items.
func NewCompleteRows(items int) *CompleteRows {
	return &CompleteRows{items: make([]Sums, items)}
}

// Add counts one person's item scores, in the order of the items. A row of another
// length or with a missing item (NaN) is not counted, and complete is false.
func (c *CompleteRows) Add(row []float64) (complete bool) {
	if len(row) != len(c.items) {
		return false
	}
	total := 0.0
	for _, score := range row {
		total += score
	}
	if math.IsNaN(total) {
		return false
	}
	for i, score := range row {
		c.items[i].Add(score)
	}
	c.total.Add(total)
	return true
}

// Reliability says how well the items of a construct hang together.
type Reliability struct {
	Value   float64 // at most 1, can be negative
	Items   int     // 2: Spearman-Brown; more: Cronbach's alpha
	Persons int     // who answered every item
	Few     bool    // under AlphaFewPersons: to be shown with a warning
}

// Reliability is Cronbach's alpha from AlphaMinItems items up, Spearman-Brown for two.
// ok is false for one item, under AlphaMinPersons persons, and where nothing varies.
func (c *CompleteRows) Reliability() (r Reliability, ok bool) { return ReliabilityOf(c.items, c.total) }

// ReliabilityOf is the reliability of items whose sums, and the sum of whose totals, are
// known: over the persons who answered every item.
func ReliabilityOf(items []Sums, total Sums) (r Reliability, ok bool) {
	if total.N < AlphaMinPersons {
		return Reliability{}, false
	}
	value, ok := reliability(items, total)
	if !ok {
		return Reliability{}, false
	}
	return Reliability{
		Value:   value,
		Items:   len(items),
		Persons: total.N,
		Few:     total.N < AlphaFewPersons,
	}, true
}

func reliability(items []Sums, of Sums) (value float64, ok bool) {
	total, ok := of.variance()
	if !ok {
		return 0, false
	}
	variances := make([]float64, len(items))
	for i, s := range items {
		variances[i], _ = s.variance() // as many persons as the total has
	}
	if len(variances) >= AlphaMinItems {
		return Alpha(variances, total)
	}
	if len(variances) != 2 || total == 0 || variances[0] == 0 || variances[1] == 0 {
		return 0, false
	}
	// var(a+b) = var(a) + var(b) + 2 cov(a, b): the sums kept suffice for r.
	r := (total - variances[0] - variances[1]) / 2 / math.Sqrt(variances[0]*variances[1])
	return SpearmanBrown(clamp(r, -1, 1))
}
