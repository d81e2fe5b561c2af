package surveys

import (
	"strings"
	"time"
	"unicode"
)

// What one question takes, reading it included. A rule of thumb that errs a little on the long side: web surveys are
// answered at about eight closed items a minute, a list has to be read before one can choose from it, an order is made
// by looking at each option again, and a comment is a sentence or two on a phone.
const (
	secondsOfScale   = 7.5
	secondsOfChoice  = 15
	secondsOfRanking = 30
	secondsOfText    = 30
	wordsPerMinute   = 200 // of an introduction or a help text, which is read and not answered
)

// Minutes is how long answering takes, in whole minutes and at least one. It is rounded up, and questions that are shown
// to some only count in full: a respondent who was promised two minutes must not need three.
func (d *Document) Minutes() int {
	return max(1, int((d.Duration()+time.Minute-1)/time.Minute))
}

// Duration is what Minutes rounds: by the kind of each question, with the introduction and help texts at reading speed.
func (d *Document) Duration() time.Duration {
	seconds := reading(d.Intro)
	for _, q := range d.Questions {
		seconds += reading(q.Help)
		switch q.Kind {
		case Scale, Recommend:
			seconds += secondsOfScale
		case Choice, Choices:
			seconds += secondsOfChoice
		case Ranking:
			seconds += secondsOfRanking
		case Text:
			seconds += secondsOfText
		}
	}
	return time.Duration(seconds * float64(time.Second))
}

// reading is the seconds a text takes to read. Scripts without spaces are read at about twice as many characters as
// others are at words.
func reading(text string) float64 {
	words := float64(len(strings.Fields(text)))
	for _, r := range text {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
			words += 0.5
		}
	}
	return words * 60 / wordsPerMinute
}
