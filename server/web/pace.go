package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"

	"soundings/server/accounts"
	"soundings/surveys"
)

// mostPlaces bounds how many places a pace remembers.
const mostPlaces = 20_000

// pace slows down what comes from one place: so many at once, then one more in each interval. It lives in this process's
// memory, and a place is a keyed hash there that only this process can make: nothing about addresses is stored or logged.
type pace struct {
	burst int
	every time.Duration

	mu    sync.Mutex
	key   [32]byte
	freed map[[16]byte]time.Time // by place: when all of its burst is free again
}

func newPace(burst int, every time.Duration) *pace {
	p := &pace{burst: burst, every: every, freed: map[[16]byte]time.Time{}}
	rand.Read(p.key[:])
	return p
}

// take counts one more from an address, or refuses it as TooMany.
func (p *pace) take(address string, now time.Time) error {
	mac := hmac.New(sha256.New, p.key[:])
	mac.Write([]byte(accounts.Network(address)))
	place := [16]byte(mac.Sum(nil))
	p.mu.Lock()
	defer p.mu.Unlock()
	freed := p.freed[place]
	if freed.Before(now) {
		freed = now
	}
	if freed = freed.Add(p.every); freed.Sub(now) > time.Duration(p.burst)*p.every {
		return &surveys.Error{Kind: surveys.TooMany, Op: "web: pace", Message: "Too many at once. Please wait a moment."}
	}
	if len(p.freed) >= mostPlaces {
		p.forget(now)
	}
	p.freed[place] = freed
	return nil
}

// forget drops the places whose burst is free again; all of them where that makes no room, because refusing everybody would
// be worse.
func (p *pace) forget(now time.Time) {
	for place, freed := range p.freed {
		if !freed.After(now) {
			delete(p.freed, place)
		}
	}
	if len(p.freed) >= mostPlaces {
		clear(p.freed)
	}
}
