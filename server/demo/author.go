package demo

import (
	"encoding/base32"
	"math"
	"math/rand/v2"
	"strconv"

	"soundings/surveys"
)

// How often something is left out or added, by chance.
const (
	skipsQuestion = 0.04
	writesComment = 0.26 // of those asked an open question, before mood and habit
	writesToTry   = 0.22 // of those who would not give a change a try
	writesOther   = 0.03 // beside the options of a choice
	earlyShare    = 0.4  // of the usual answers, while the open wave is young
)

// The ends of a scale pull every mean towards its middle; stretch makes up for it.
const (
	middle  = 50.0
	stretch = 1.07
)

// author makes the replies of the organisation's people.
type author struct {
	org     *organisation
	secret  surveys.Secret
	crowds  [][]person // by department
	leans   map[string]float64
	remarks *remarks
	tastes  map[string]taste // by question, where a decision is left to people
}

func newAuthor(org *organisation, secret surveys.Secret) *author {
	a := &author{org: org, secret: secret, leans: itemLeans(), remarks: newRemarks(), tastes: tastes()}
	for i := range org.departments {
		a.crowds = append(a.crowds, crowd(&org.departments[i], i))
	}
	return a
}

// write makes all replies of one wave, the same ones each time.
func (a *author) write(r *run) []surveys.Reply {
	var replies []surveys.Reply
	for i := range a.org.departments {
		d := &a.org.departments[i]
		rng, coin := stream(1, uint64(r.quarter), uint64(r.about), uint64(i)), stream(5, uint64(r.quarter))
		s := &sheet{author: a, run: r, department: d, rng: rng, tastes: stream(3, uint64(r.quarter), uint64(r.about), uint64(i)), words: a.remarks.page(d.name, r)}
		s.offsets = s.itemOffsets()
		share := d.answer.at(r.quarter) / 100
		if r.isOpen() {
			share *= earlyShare
		}
		for _, p := range takePart(rng, a.crowds[i], int(math.Round(share*float64(d.headcount())))) {
			reply := s.reply(p)
			reply.Receipt = a.receipt(r, i, len(replies))
			reply.Department, reply.Band = d.id, a.org.bands[p.band]
			if r.tries(d) {
				reply.Variant = r.reads(coin, &reply)
			}
			replies = append(replies, reply)
		}
	}
	return replies
}

// receipt hangs on the installation's secret: a receipt that could be worked out from this source alone would let
// anybody change the answer of the open wave it stands for.
func (a *author) receipt(r *run, department, number int) surveys.Receipt {
	id := a.secret.ImportedID("demo", strconv.Itoa(int(r.about)), strconv.Itoa(r.quarter), strconv.Itoa(department), strconv.Itoa(number))
	return surveys.Receipt(base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding).EncodeToString(id[:]))
}

// sheet writes the replies of one department in one wave.
type sheet struct {
	author     *author
	run        *run
	department *department
	rng        *rand.Rand
	tastes     *rand.Rand
	offsets    map[string]float64 // by question of the construct, 0 on average
	words      *page
}

// itemOffsets is how the department's questions differ from its mean.
func (s *sheet) itemOffsets() map[string]float64 {
	doc := s.run.questionnaire.Document
	offsets := map[string]float64{}
	for _, construct := range doc.ConstructIDs() {
		items, sum := doc.Items(construct), 0.0
		for _, q := range items {
			offsets[q.ID] = s.author.leans[q.ID] + s.department.leans[q.ID]
			sum += offsets[q.ID]
		}
		for _, q := range items {
			offsets[q.ID] -= sum / float64(len(items))
		}
	}
	return offsets
}

func (s *sheet) reply(p person) surveys.Reply {
	doc := s.run.questionnaire.Document
	reply := surveys.Reply{Language: p.language, Answers: surveys.Answers{}, Texts: map[string]string{}}
	level := s.department.level[s.run.about].at(s.run.quarter)
	feels := middle + stretch*(level-middle) + p.trait + moodSpread*s.rng.NormFloat64()
	for i := range doc.Questions {
		q := &doc.Questions[i]
		if !doc.Visible(q, reply.Answers) {
			continue
		}
		if _, ok := s.author.tastes[q.ID]; ok {
			s.decide(&reply, q)
			continue
		}
		if q.Kind == surveys.Text {
			s.comment(&reply, q, p, feels)
		} else if s.rng.Float64() >= skipsQuestion {
			s.answer(&reply, q, p, feels)
		}
	}
	if len(reply.Answers) == 0 { // an empty form would be refused; chance alone does not get here
		s.answer(&reply, &doc.Questions[0], p, feels)
	}
	return reply
}

func (s *sheet) answer(reply *surveys.Reply, q *surveys.Question, p person, feels float64) {
	switch q.Kind {
	case surveys.Scale:
		reply.Answers[q.ID] = surveys.Number(s.point(q, feels))
	case surveys.Recommend:
		// People give a ten-point scale higher marks than agreement: a 55 of 100 is a 7.
		mark := 2 + feels/10 + 1.2*s.rng.NormFloat64()
		reply.Answers[q.ID] = surveys.Number(int(min(max(math.Round(mark), 0), 10)))
	case surveys.Choice, surveys.Choices:
		s.choose(reply, q, p, feels)
	case surveys.Ranking:
		var order []string
		for _, i := range s.rng.Perm(len(q.Options)) {
			order = append(order, q.Options[i].ID)
		}
		reply.Answers[q.ID] = surveys.Picked(order...)
	}
}

// point is the answer on a scale. A reversed question is answered the other way round.
func (s *sheet) point(q *surveys.Question, feels float64) int {
	low, high := q.Range()
	v := feels + s.offsets[q.ID] + itemSpread*s.rng.NormFloat64()
	x := low + int(math.Round(min(max(v, 0), 100)/100*float64(high-low)))
	if q.Reversed {
		return low + high - x
	}
	return x
}

// choose picks one option. Those who are open worry about nothing; the others about what their department worries about.
func (s *sheet) choose(reply *surveys.Reply, q *surveys.Question, p person, feels float64) {
	if q.Other && s.rng.Float64() < writesOther {
		if text := s.words.say(s.rng, beside, p.language, moodOf(feels)); text != "" {
			reply.Answers[q.ID] = surveys.Picked(surveys.OtherOption)
			reply.Texts[q.ID] = text
			return
		}
	}
	weights, sum := make([]float64, len(q.Options)), 0.0
	for i, o := range q.Options {
		weights[i] = 1
		switch o.ID {
		case s.department.worry:
			weights[i] = 2.2
		case "nothing":
			weights[i] = 0.3 + 4*max(feels-50, 0)/50
		}
		sum += weights[i]
	}
	at := s.rng.Float64() * sum
	for i, o := range q.Options {
		if at -= weights[i]; at < 0 || i == len(q.Options)-1 {
			reply.Answers[q.ID] = surveys.Picked(o.ID)
			return
		}
	}
}

// comment writes something, or does not: those with a strong feeling write more often.
func (s *sheet) comment(reply *surveys.Reply, q *surveys.Question, p person, feels float64) {
	chance, about := writesComment, general
	if q.ShowIf != nil {
		chance, about = writesToTry, toTry
	}
	if mood := moodOf(feels); mood != mixed {
		chance *= 1.25
	}
	if s.rng.Float64() >= chance*p.writes {
		return
	}
	if text := s.words.say(s.rng, about, p.language, moodOf(feels)); text != "" {
		reply.Texts[q.ID] = text
	}
}
