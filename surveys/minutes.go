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

// Minutes is how long answering takes, to the nearest whole minute and at least one. Respondents are told it, the check
// list before opening shows it, and the ask budget adds it up.
func (d *Document) Minutes() int {
	return max(1, int(d.Duration().Round(time.Minute)/time.Minute))
}

// Duration is what Minutes rounds: by the kind of each question, with the introduction and help texts at reading speed. Of
// the questions that hang on an answer about half are seen.
func (d *Document) Duration() time.Duration {
	seconds := reading(d.Intro)
	for _, q := range d.Questions {
		each := reading(q.Help)
		switch q.Kind {
		case Scale, Recommend:
			each += secondsOfScale
		case Choice, Choices:
			each += secondsOfChoice
		case Ranking:
			each += secondsOfRanking
		case Text:
			each += secondsOfText
		}
		if q.ShowIf != nil {
			each /= 2
		}
		seconds += each
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
