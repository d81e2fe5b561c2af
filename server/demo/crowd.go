package demo

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// The spread of people and answers in points. Together they give a score a standard deviation of about 20 and a
// construct of seven questions a reliability near 0.85, as surveys of this kind have.
const (
	personSpread = 17.0 // how far people of a department lie apart
	moodSpread   = 6.0  // how far one person's wave lies from another
	itemSpread   = 16.0 // how far one answer lies from the person's own mean
)

// chanceTaken is how much of the luck of who happens to answer is taken out of a wave: enough that the lines tell the
// story, not so much that they look drawn with a ruler.
const chanceTaken = 0.7

// seed makes every stream of chance the same each time.
const seed = 0x50756c7365

// stream is chance of its own for one purpose, so that a change to one department's story leaves the others alone.
func stream(purpose ...uint64) *rand.Rand {
	h := uint64(seed)
	for _, p := range purpose {
		h = (h ^ (p + 1)) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return rand.New(rand.NewPCG(seed, h))
}

// person is someone made up. Nothing of a person but department, band and language is ever stored.
type person struct {
	band     int
	language string
	trait    float64 // points above or below the department's mean
	joins    float64 // how readily this person answers surveys
	writes   float64 // how readily this person writes something
}

// crowd makes the people of a department, the same ones for all waves.
func crowd(d *department, number int) []person {
	rng := stream(0, uint64(number))
	var all []person
	for band, n := range d.people {
		for range n {
			all = append(all, person{
				band:     band,
				language: "en",
				trait:    personSpread*rng.NormFloat64() + [bandCount]float64{0, 1, 6, 11}[band],
				joins:    math.Exp(0.5 * rng.NormFloat64()),
				writes:   math.Exp(0.6*rng.NormFloat64() - 0.18), // 1 on average
			})
		}
	}
	german := (len(all)*d.german + 50) / 100
	for _, i := range rng.Perm(len(all))[:german] {
		all[i].language = "de"
	}
	centre(all, 1)
	return all
}

// centre takes a part of the mean trait away, so that a department's level is what the story says and not whom chance
// put there.
func centre(all []person, part float64) {
	sum := 0.0
	for _, p := range all {
		sum += p.trait
	}
	for i := range all {
		all[i].trait -= part * sum / float64(len(all))
	}
}

// takePart chooses the n people who answer a wave, those who join readily more often.
func takePart(rng *rand.Rand, all []person, n int) []person {
	type drawn struct {
		person
		key float64
	}
	draws := make([]drawn, len(all))
	for i, p := range all {
		// Sampling with unequal chances, without replacement (Efraimidis and Spirakis 2006).
		draws[i] = drawn{p, rng.ExpFloat64() / p.joins}
	}
	slices.SortFunc(draws, func(a, b drawn) int { return cmp.Compare(a.key, b.key) })
	part := make([]person, 0, n)
	for _, d := range draws[:min(n, len(draws))] {
		part = append(part, d.person)
	}
	centre(part, chanceTaken)
	return part
}
