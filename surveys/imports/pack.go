package imports

import "soundings/surveys"

// A million responses are held until the file is known to be without faults, so each is packed: a byte for a scale or a
// choice, a bit for each option of choices, a byte for each option of a ranking (its rank).

func (a *answerer) packedSize() int {
	switch a.Kind {
	case surveys.Text:
		return 0
	case surveys.Choices:
		return (len(a.Options) + 1 + 7) / 8
	case surveys.Ranking:
		return len(a.Options)
	}
	return 1
}

// mark notes that an option was chosen; value counts from 1.
func mark(bits []byte, value int) { bits[(value-1)/8] |= 1 << ((value - 1) % 8) }

func marked(bits []byte, value int) bool { return bits[(value-1)/8]>>((value-1)%8)&1 != 0 }

func (a *answerer) part(packed []byte) []byte { return packed[a.at : a.at+a.packedSize()] }

// clear takes an answer back.
func (a *answerer) clear(packed []byte) { clear(a.part(packed)) }

// unpack is the answer, if there is one.
func (a *answerer) unpack(packed []byte) (surveys.Answer, bool) {
	part := a.part(packed)
	switch a.Kind {
	case surveys.Text:
		return surveys.Answer{}, false
	case surveys.Choices:
		return a.unpackChoices(part)
	case surveys.Ranking:
		return a.unpackRanking(part)
	}
	value := int(part[0])
	switch {
	case value == missing:
		return surveys.Answer{}, false
	case a.Scored():
		low, _ := a.Range()
		return surveys.Number(low + value - 1), true
	}
	return surveys.Picked(a.option(value)), true
}

func (a *answerer) option(value int) string {
	if value > len(a.Options) {
		return surveys.OtherOption
	}
	return a.Options[value-1].ID
}

func (a *answerer) unpackChoices(bits []byte) (surveys.Answer, bool) {
	var ids []string
	for value := 1; value <= len(a.Options)+1; value++ {
		if marked(bits, value) {
			ids = append(ids, a.option(value))
		}
	}
	return surveys.Picked(ids...), len(ids) > 0
}

func (a *answerer) unpackRanking(ranks []byte) (surveys.Answer, bool) {
	ids := make([]string, len(a.Options))
	most := 0
	for i, rank := range ranks {
		if rank > 0 {
			ids[rank-1] = a.Options[i].ID
			most = max(most, int(rank))
		}
	}
	return surveys.Picked(ids[:most]...), most > 0
}

// answers are all closed answers of a packed response.
func (p *plan) answers(packed []byte) surveys.Answers {
	answers := make(surveys.Answers, len(p.questions))
	for _, a := range p.questions {
		if answer, ok := a.unpack(packed); ok {
			answers[a.ID] = answer
		}
	}
	return answers
}
