package analytics

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"

	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/analytics/tally"
	"soundings/surveys"
)

// Driver says how the answers to a scale question go with a construct: an association, which tells nothing about what
// causes what. A question that is itself an item of the construct is held against the construct's other items.
type Driver struct {
	Question    *surveys.Question
	Item        bool    // the question is an item of the construct
	Coefficient float64 // Spearman's, in hundredths; a reversed question turned first
	Low, High   float64 // 95 % interval, in hundredths; only if HasInterval
	HasInterval bool
	N           int  // people who have both
	Everyone    bool // it is the organisation's, since the department's may not be told
}

// Clear reports whether the interval leaves out that they do not go together at all.
func (d Driver) Clear() bool { return d.HasInterval && (d.Low > 0 || d.High < 0) }

// Drivers is what goes with a construct, in each department and among everyone, as far as it may be told.
type Drivers struct{ questions []driven }

// driven is one question.
type driven struct {
	departments map[surveys.DepartmentID]Driver
	everyone    *Driver
}

// Of lists what goes with the construct in a department, the closest first: what can be told of the department, then what
// can be told of the organisation only.
func (d *Drivers) Of(department surveys.DepartmentID) (list []Driver) {
	for _, q := range d.questions {
		if own, ok := q.departments[department]; ok {
			list = append(list, own)
		} else if q.everyone != nil {
			list = append(list, *q.everyone)
		}
	}
	slices.SortStableFunc(list, func(a, b Driver) int {
		return cmp.Or(cmp.Compare(order(a.Everyone), order(b.Everyone)), cmp.Compare(abs(b.Coefficient), abs(a.Coefficient)))
	})
	return list
}

// Everyone lists what goes with the construct in the organisation.
func (d *Drivers) Everyone() (list []Driver) {
	for _, q := range d.questions {
		if q.everyone != nil {
			list = append(list, *q.everyone)
		}
	}
	return list
}

// Drivers is what goes with a construct, of results by department. Of an open wave that is nothing.
func (res *WaveResults) Drivers(construct string) *Drivers {
	if d := res.drivers[construct]; d != nil {
		return d
	}
	return &Drivers{}
}

// only leaves out the departments that somebody may not see.
func (d *Drivers) only(sees func(surveys.DepartmentID) bool) *Drivers {
	some := &Drivers{}
	for _, q := range d.questions {
		own := maps.Clone(q.departments)
		maps.DeleteFunc(own, func(id surveys.DepartmentID, _ Driver) bool { return !sees(id) })
		some.questions = append(some.questions, driven{own, q.everyone})
	}
	return some
}

// allDrivers reads what goes with each construct of the wave.
func (r *Reader) allDrivers(ctx context.Context, b *book) (map[string]*Drivers, error) {
	pairs, err := tally.Pairs(ctx, r.store, b.wave.ID)
	if err != nil {
		return nil, err
	}
	all := map[string]*Drivers{}
	for _, construct := range b.wave.Questionnaire.Document.ConstructIDs() {
		all[construct] = b.drivers(pairs, construct)
	}
	return all, nil
}

func (b *book) drivers(pairs map[tally.PairKey]tally.Pair, construct string) *Drivers {
	drivers := &Drivers{}
	if b.wave.State != surveys.Closed {
		return drivers
	}
	doc := b.wave.Questionnaire.Document
	for i := range doc.Questions {
		q := &doc.Questions[i]
		if q.Kind != surveys.Scale {
			continue
		}
		departments, everyone := b.pairsTold(pairs, construct, q)
		one := driven{departments: map[surveys.DepartmentID]Driver{}}
		for id, p := range departments {
			if d, ok := driver(p, q, construct); ok {
				one.departments[id] = d
			}
		}
		if everyone != nil {
			if d, ok := driver(*everyone, q, construct); ok {
				d.Everyone = true
				one.everyone = &d
			}
		}
		drivers.questions = append(drivers.questions, one)
	}
	return drivers
}

func order(later bool) int {
	if later {
		return 1
	}
	return 0
}

func driver(p tally.Pair, q *surveys.Question, construct string) (d Driver, ok bool) {
	if p.Coefficient == nil {
		return d, false
	}
	d = Driver{Question: q, Item: q.Construct == construct, Coefficient: hundredths(*p.Coefficient), N: p.N}
	low, high, ok := stats.CorrelationInterval(*p.Coefficient, p.N)
	d.Low, d.High, d.HasInterval = hundredths(low), hundredths(high), ok
	return d, true
}

// hundredths rounds, so that a coefficient does not tell what somebody answered to whoever knows all the others.
func hundredths(x float64) float64 { return math.Round(100*x) / 100 }

// pairsTold decides of which departments it may be told how a question goes with a construct, and whether of everyone.
//
// A correlation is one more equation about those who have both. So it stands only beside figures of the question and of the
// construct that are shown of the same group, and only if nobody, or at least the minimum of people, has one without the
// other. Everyone's stands only if nobody, or at least the minimum, is left beside the departments that are told of.
// The decision does not depend on who asks for which department.
func (b *book) pairsTold(pairs map[tally.PairKey]tally.Pair, construct string, q *surveys.Question) (departments map[surveys.DepartmentID]tally.Pair, everyone *tally.Pair) {
	rule := disclosure.Rule{Minimum: b.wave.Questionnaire.Document.SmallestGroup()}
	ofConstruct, ofQuestion := b.grid(construct, nil), b.grid("", q)
	departments, left := map[surveys.DepartmentID]tally.Pair{}, 0
	var whole tally.Pair
	for key, p := range pairs {
		if key.Construct != construct || key.Question != q.ID {
			continue
		}
		if key.Everyone {
			whole = p
			continue
		}
		left += p.N
		if besides(rule, p, ofConstruct.department(key.Department), ofQuestion.department(key.Department)) {
			departments[key.Department] = p
			left -= p.N
		}
	}
	if (left == 0 || left >= rule.Minimum) && besides(rule, whole, ofConstruct.total(), ofQuestion.total()) {
		everyone = &whole
	}
	return departments, everyone
}

// besides reports whether a correlation may stand beside the figures of what it is about.
func besides(rule disclosure.Rule, p tally.Pair, figures ...Group) bool {
	if p.N < stats.DriverMinPersons || !rule.Safe(disclosure.Aggregate{N: p.N, Moved: p.Moved}) {
		return false
	}
	for _, g := range figures {
		if others := g.N - p.N; !g.Shown() || others > 0 && others < rule.Minimum {
			return false
		}
	}
	return true
}
