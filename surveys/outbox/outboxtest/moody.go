package outboxtest

import (
	"math/rand/v2"
	"sync"
)

// Moody is the behaviour of a mail server that defers, refuses and hangs up at random. Nobody is deferred twice, so that a
// test need not wait for long.
type Moody struct {
	mu       sync.Mutex
	random   *rand.Rand
	deferred map[string]bool
	counts   map[Reaction]int
	unclear  int
}

// NewMoody gives the same moods for the same seed and the same order of messages.
func NewMoody(seed uint64) *Moody {
	return &Moody{random: rand.New(rand.NewPCG(seed, 1)), deferred: map[string]bool{}, counts: map[Reaction]int{}}
}

// React is for Server.React.
func (m *Moody) React(stage Stage, address string) Reaction {
	m.mu.Lock()
	defer m.mu.Unlock()
	reaction := m.choose(stage, address)
	m.deferred[address] = m.deferred[address] || reaction == Defer || reaction == Drop
	m.counts[reaction]++
	if stage == AtMessage && (reaction == Drop || reaction == TakeAndDrop) {
		m.unclear++
	}
	return reaction
}

func (m *Moody) choose(stage Stage, address string) Reaction {
	switch p := m.random.IntN(1000); {
	case p < 15 && !m.deferred[address]:
		return Defer
	case p < 30 && !m.deferred[address] && stage == AtRecipient:
		return Drop
	case p >= 30 && p < 45:
		return Refuse
	case p >= 45 && p < 50 && stage == AtMessage:
		return Drop
	case p >= 50 && p < 55 && stage == AtMessage:
		return TakeAndDrop
	}
	return Accept
}

// Count tells how often it reacted so.
func (m *Moody) Count(r Reaction) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.counts[r]
}

// Unclear tells how often it hung up when the whole message had come, so that its sender cannot know what became of it.
func (m *Moody) Unclear() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.unclear
}
