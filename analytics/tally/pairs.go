package tally

import (
	"cmp"
	"context"
	"math"
	"slices"

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
	construct   string
	item        *surveys.Question
	others      []*surveys.Question // the construct's items without the question
	denominator int64
}

func twosomesOf(doc *surveys.Document) (list []twosome) {
	for _, construct := range doc.ConstructIDs() {
		for i := range doc.Questions {
			q := &doc.Questions[i]
			if q.Kind != surveys.Scale {
				continue
			}
			others := slices.DeleteFunc(slices.Clone(doc.Items(construct)), func(item *surveys.Question) bool { return item.ID == q.ID })
			if len(others) > 0 {
				list = append(list, twosome{construct, q, others, doc.Denominator(construct)})
			}
		}
	}
	return list
}

// point is one person's place: the score of the item, and that of the construct in units of 1/denominator.
type point struct{ item, construct int64 }

// of is where somebody stands who answered the item and at least half of the others.
func (t *twosome) of(answers surveys.Answers) (p point, ok bool) {
	own, ok := answers[t.item.ID]
	if !ok {
		return p, false
	}
	answered := int64(0)
	for _, item := range t.others {
		if a, ok := answers[item.ID]; ok {
			score := item.ItemScore(a.Number)
			p.construct += score.Num * (t.denominator / score.Den)
			answered++
		}
	}
	if answered == 0 || 2*int(answered) < len(t.others) {
		return p, false
	}
	p.construct /= answered // the denominator holds a factor for every number of items: nothing is left over
	p.item = t.item.ItemScore(own.Number).Num
	return p, true
}

// pairing collects where people stand.
type pairing struct {
	twosomes []twosome
	points   map[PairKey]map[point]int
}

func newPairing(doc *surveys.Document) *pairing {
	return &pairing{twosomesOf(doc), map[PairKey]map[point]int{}}
}

func (p *pairing) add(department surveys.DepartmentID, answers surveys.Answers) {
	for i := range p.twosomes {
		t := &p.twosomes[i]
		at, ok := t.of(answers)
		if !ok {
			continue
		}
		for _, key := range [...]PairKey{{t.construct, t.item.ID, department, false}, {t.construct, t.item.ID, 0, true}} {
			if p.points[key] == nil {
				p.points[key] = map[point]int{}
			}
			p.points[key][at]++
		}
	}
}

// pairs are the correlations of what was collected.
func (p *pairing) pairs() map[PairKey]Pair {
	all := make(map[PairKey]Pair, len(p.points))
	for key, points := range p.points {
		all[key] = correlate(points)
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
