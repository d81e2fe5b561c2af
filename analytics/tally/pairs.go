package tally

import (
	"cmp"
	"context"
	"math"

	"gorm.io/gorm"

	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/store"
)

// PairKey names a scale question and a construct that are held against each other in one department, or among everyone.
type PairKey struct {
	Construct  string
	Question   string
	Department surveys.DepartmentID
	Everyone   bool // Department is 0 then; it may be 0 without, for those who have none
}

func (k PairKey) compare(o PairKey) int {
	return cmp.Or(cmp.Compare(k.Construct, o.Construct), cmp.Compare(k.Question, o.Question),
		cmp.Compare(btoi(k.Everyone), btoi(o.Everyone)), cmp.Compare(k.Department, o.Department))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Pair is how the answers to a question go with a construct over those who have both. A question that is an item of the
// construct is held against the construct's other items: with itself among them it would go with the construct in any case.
// Pairs are counted when a wave closes, and of whole departments only.
type Pair struct {
	N           int
	Moved       int      // by how few people it differs from what readers could see before
	Coefficient *float64 // Spearman's, -1 to 1; nil where everyone answered alike
}

// twosome is a question and a construct, for counting those who have both.
type twosome struct {
	construct string
	question  *surveys.Question
	own, of   int   // places of the question and of the construct in the form
	mean      int64 // of an item of the construct: how many units of the construct its own unit is; else 0
	others    int   // the construct's items without the question
	wide      int64 // how many places there are on the construct's scale
}

func twosomesOf(f *form) (list []twosome) {
	for k, construct := range f.constructs {
		for i, q := range f.questions {
			if q.Kind != surveys.Scale {
				continue
			}
			t := twosome{construct: construct, question: q, own: i, of: k, others: len(f.items[k]), wide: f.means[k] + 1}
			for _, it := range f.items[k] {
				if it.question == i {
					t.mean, t.others = it.mean, t.others-1
				}
			}
			if t.others > 0 {
				list = append(list, t)
			}
		}
	}
	return list
}

// point is one person's place: the score of the item, and that of the construct in units of its denominator.
type point struct{ item, construct int64 }

// place is where somebody stands who answered the item and at least half of the others.
func (t *twosome) place(p *paper) (at point, ok bool) {
	if !p.given[t.own] {
		return at, false
	}
	at = point{p.scores[t.own].Num, p.sums[t.of]}
	answered := p.answered[t.of]
	if t.mean > 0 {
		at.construct -= at.item * t.mean
		answered--
	}
	if answered == 0 || 2*answered < t.others {
		return at, false
	}
	at.construct /= int64(answered) // the denominator holds a factor for every number of items: nothing is left over
	return at, true
}

// pairing collects where people stand, by department.
type pairing struct {
	twosomes    []twosome
	departments map[surveys.DepartmentID][]crowd // in the order of the twosomes
}

// crowd is how many people stand at each point of one twosome.
type crowd struct {
	near []uint32 // of the lowest points
	far  map[point]int
}

// nearest bounds how many points of a twosome lie in a list: enough for an item of 5 points beside a construct of six.
const nearest = 2048

func newPairing(f *form) *pairing {
	return &pairing{twosomesOf(f), map[surveys.DepartmentID][]crowd{}}
}

func (p *pairing) add(department surveys.DepartmentID, answers *paper) {
	crowds := p.departments[department]
	if crowds == nil {
		crowds = make([]crowd, len(p.twosomes))
		p.departments[department] = crowds
	}
	for i := range p.twosomes {
		t := &p.twosomes[i]
		if at, ok := t.place(answers); ok {
			crowds[i].add(at, t)
		}
	}
}

func (c *crowd) add(at point, t *twosome) {
	place := at.item*t.wide + at.construct
	if at.item < 0 || at.construct < 0 || at.construct >= t.wide || place >= nearest {
		if c.far == nil {
			c.far = map[point]int{}
		}
		c.far[at]++
		return
	}
	if place >= int64(len(c.near)) {
		c.near = append(c.near, make([]uint32, int(place)+1-len(c.near))...)
	}
	c.near[place]++
}

// points adds where a crowd stands to some points.
func (c *crowd) points(t *twosome, sum map[point]int) {
	for place, n := range c.near {
		if n > 0 {
			sum[point{int64(place) / t.wide, int64(place) % t.wide}] += int(n)
		}
	}
	for at, n := range c.far {
		sum[at] += n
	}
}

// pairs are the correlations of what was collected.
func (p *pairing) pairs() map[PairKey]Pair {
	all := map[PairKey]Pair{}
	for i := range p.twosomes {
		t := &p.twosomes[i]
		everyone := map[point]int{}
		for department, crowds := range p.departments {
			own := map[point]int{}
			if crowds[i].points(t, own); len(own) > 0 {
				crowds[i].points(t, everyone)
				all[PairKey{t.construct, t.question.ID, department, false}] = correlate(own)
			}
		}
		if len(everyone) > 0 {
			all[PairKey{t.construct, t.question.ID, 0, true}] = correlate(everyone)
		}
	}
	return all
}

// replace puts what was collected in the place of the pairs of an earlier count.
func (p *pairing) replace(tx *gorm.DB, wave surveys.WaveID) error {
	before, err := readPairs(tx, wave)
	if err != nil {
		return err
	}
	now := p.pairs()
	since(before, now)
	return writePairs(tx, wave, now)
}

func correlate(points map[point]int) Pair {
	items, constructs := map[int64]int{}, map[int64]int{}
	for p := range points {
		items[p.item], constructs[p.construct] = 0, 0
	}
	rows, columns := sortedKeys(items, cmp.Compare), sortedKeys(constructs, cmp.Compare)
	for i, x := range rows {
		items[x] = i
	}
	for j, y := range columns {
		constructs[y] = j
	}
	table := make([][]int, len(rows))
	for i := range table {
		table[i] = make([]int, len(columns))
	}
	pair := Pair{}
	for p, n := range points {
		table[items[p.item]][constructs[p.construct]] = n
		pair.N += n
	}
	pair.Moved = pair.N
	if rho, _, ok := stats.Spearman(table); ok {
		pair.Coefficient = &rho
	}
	return pair
}

// since notes by how few people pairs differ from those of an earlier count that readers may have seen.
func since(before, now map[PairKey]Pair) {
	for key, pair := range now {
		was := before[key]
		switch arrived := pair.N - was.N; {
		case was.N < stats.DriverMinPersons: // never shown
		case arrived == 0:
			pair.Moved = was.Moved // what was hidden because too little had moved stays hidden
		default:
			pair.Moved = arrived
		}
		now[key] = pair
	}
}

type pairRow struct {
	WaveID       surveys.WaveID       `gorm:"primaryKey"`
	Construct    string               `gorm:"primaryKey"`
	QuestionID   string               `gorm:"primaryKey"`
	Everyone     bool                 `gorm:"primaryKey"`
	DepartmentID surveys.DepartmentID `gorm:"primaryKey"`
	N            int
	Moved        int
	Coefficient  *float64
}

func (pairRow) TableName() string { return "correlations" }

// writePairs puts pairs in the place of all that were counted of a wave.
func writePairs(tx *gorm.DB, wave surveys.WaveID, pairs map[PairKey]Pair) error {
	const op = "tally: write pairs"
	if err := tx.Exec("DELETE FROM correlations WHERE wave_id = ?", wave).Error; err != nil {
		return store.Translate(op, err)
	}
	rows := make([]pairRow, 0, len(pairs))
	for _, k := range sortedKeys(pairs, PairKey.compare) {
		p := pairs[k]
		rows = append(rows, pairRow{wave, k.Construct, k.Question, k.Everyone, k.Department, p.N, p.Moved, p.Coefficient})
	}
	if len(rows) == 0 {
		return nil
	}
	return store.Translate(op, tx.CreateInBatches(&rows, batch).Error)
}

func readPairs(db *gorm.DB, wave surveys.WaveID) (map[PairKey]Pair, error) {
	var rows []pairRow
	err := db.Where("wave_id = ?", wave).Find(&rows).Error
	pairs := make(map[PairKey]Pair, len(rows))
	for _, r := range rows {
		pairs[PairKey{r.Construct, r.QuestionID, r.DepartmentID, r.Everyone}] = Pair{r.N, r.Moved, r.Coefficient}
	}
	return pairs, store.Translate("tally: read pairs", err)
}

// Pairs returns how the questions of a closed wave go with its constructs; nothing of a wave that is open. Its cost depends
// on departments and questions, never on the number of responses.
func Pairs(ctx context.Context, s *store.Store, wave surveys.WaveID) (map[PairKey]Pair, error) {
	return readPairs(s.Read(ctx), wave)
}

// sameAs compares a stored pair with a recounted one. The order of summing may differ in the last digits.
func (p Pair) sameAs(o Pair) bool {
	if p.N != o.N || (p.Coefficient == nil) != (o.Coefficient == nil) {
		return false
	}
	return p.Coefficient == nil || math.Abs(*p.Coefficient-*o.Coefficient) < 1e-9
}
