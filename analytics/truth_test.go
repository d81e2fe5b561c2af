package analytics

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/stat/distuv"

	"soundings/surveys"
)

// every stands for all departments, or all bands, in a cells.
const every = -1

// cells names a group of people: a department, a band, both, or everybody.
type cells struct {
	department surveys.DepartmentID
	band       surveys.BandID
}

func (c cells) holds(department surveys.DepartmentID, band surveys.BandID) bool {
	return (c.department == every || c.department == department) && (c.band == every || c.band == band)
}

// measure is a construct or a question.
type measure struct{ construct, question string }

// truth is what a group answered, counted by the plainest code from the raw answers: it owes nothing to tally or stats.
type truth struct {
	n                        int // people with an answer
	scores                   []float64
	favourable, unfavourable int
	counts                   map[string]int
	recommends               bool // it is about recommending
}

func (r *run) truth(m measure, group cells) truth {
	t := truth{counts: map[string]int{}}
	for _, reply := range r.replies {
		if group.holds(reply.Department, reply.Band) {
			t.add(r.questionnaire.Document, m, reply.Answers)
		}
	}
	return t
}

func (t *truth) add(doc *surveys.Document, m measure, answers surveys.Answers) {
	if m.question == "" {
		if score, ok := constructScore(doc, m.construct, answers); ok {
			t.n++
			t.scores = append(t.scores, score)
			t.side(score >= 62.5-1e-9, score < 37.5-1e-9)
		}
		return
	}
	answer, ok := answers[m.question]
	if !ok {
		return
	}
	t.n++
	q := questionOf(doc, m.question)
	switch q.Kind {
	case surveys.Scale, surveys.Recommend:
		t.scores = append(t.scores, itemScore(q, answer.Number))
		t.recommends = q.Kind == surveys.Recommend
		t.side(sideOf(q, answer.Number))
		t.counts[strconv.Itoa(answer.Number)]++
	case surveys.Ranking:
		for i, option := range answer.Options {
			t.counts[option+":"+strconv.Itoa(i+1)]++
		}
	default:
		for _, option := range answer.Options {
			t.counts[option]++
		}
	}
}

func (t *truth) side(favourable, unfavourable bool) {
	if favourable {
		t.favourable++
	}
	if unfavourable {
		t.unfavourable++
	}
}

func questionOf(doc *surveys.Document, id string) surveys.Question {
	return doc.Questions[slices.IndexFunc(doc.Questions, func(q surveys.Question) bool { return q.ID == id })]
}

// turned is the answer on a scale that rises with agreement, and the scale's ends.
func turned(q surveys.Question, x int) (value, low, high float64) {
	low, high = 1, float64(q.Points)
	if q.Kind == surveys.Recommend {
		low, high = 0, 10
	}
	value = float64(x)
	if q.Reversed {
		value = low + high - value
	}
	return value, low, high
}

func itemScore(q surveys.Question, x int) float64 {
	value, low, high := turned(q, x)
	return 100 * (value - low) / (high - low)
}

func sideOf(q surveys.Question, x int) (favourable, unfavourable bool) {
	value, _, _ := turned(q, x)
	switch {
	case q.Kind == surveys.Recommend:
		return value >= 9, value <= 6
	case q.Points == 7:
		return value >= 5, value <= 3
	}
	return value >= 4, value <= 2
}

func constructScore(doc *surveys.Document, construct string, answers surveys.Answers) (float64, bool) {
	items, answered, sum := 0, 0, 0.0
	for _, q := range doc.Questions {
		if q.Construct != construct {
			continue
		}
		items++
		if a, ok := answers[q.ID]; ok {
			answered++
			sum += itemScore(q, a.Number)
		}
	}
	if answered == 0 || float64(answered) < float64(items)/2 {
		return 0, false
	}
	return sum / float64(answered), true
}

func (t truth) mean() float64 {
	sum := 0.0
	for _, s := range t.scores {
		sum += s
	}
	return sum / float64(len(t.scores))
}

func (t truth) sd() float64 {
	mean, squares := t.mean(), 0.0
	for _, s := range t.scores {
		squares += (s - mean) * (s - mean)
	}
	return math.Sqrt(squares / float64(len(t.scores)-1))
}

// interval is mean +/- t(n-1) * sd/sqrt(n) * fpc, cut to 0-100; none of one person, or where everyone answered.
func (t truth) interval(headcount int) (low, high float64, ok bool) {
	n := float64(t.n)
	if t.n < 2 || t.n == headcount {
		return 0, 0, false
	}
	fpc := 1.0
	if headcount > t.n {
		fpc = math.Sqrt((float64(headcount) - n) / (float64(headcount) - 1))
	}
	half := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile(.975) * t.sd() / math.Sqrt(n) * fpc
	return max(0, t.mean()-half), min(100, t.mean()+half), true
}

// recommend is the share of promoters minus that of detractors, with its interval.
func (t truth) recommend() Recommend {
	n := float64(t.n)
	p, d := float64(t.favourable)/n, float64(t.unfavourable)/n
	half := 1.959963984540054 * 100 * math.Sqrt((p+d-(p-d)*(p-d))/n)
	score := 100 * (p - d)
	return Recommend{score, max(-100, score-half), min(100, score+half)}
}
