package accounts

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"soundings/surveys"
	"soundings/surveys/store"
)

// After the free failures each further one doubles the time that has to pass before the next attempt.
const (
	firstBlock   = time.Second
	longestBlock = 15 * time.Minute
	forgetAfter  = 24 * time.Hour

	freePerEmail   = 5
	freePerAddress = 20 // a whole office may come from one address
	freeSetups     = 5
)

// limit is one thing whose failures are counted together.
type limit struct {
	subject []byte // a keyed hash: the table tells nobody who tried to sign in, or from where
	free    int    // the failure with this number is the first that blocks
}

func (a *Accounts) emailLimit(email string) limit {
	return limit{a.subject("email", email), freePerEmail}
}

func (a *Accounts) addressLimit(from string) limit {
	return limit{a.subject("address", Network(from)), freePerAddress}
}

// setupLimit counts per address only. A shared count would let any stranger keep the owner out of a first start, and
// the code is too long to be guessed from any number of addresses.
func (a *Accounts) setupLimit(from string) limit {
	return limit{a.subject("setup", Network(from)), freeSetups}
}

func (a *Accounts) subject(kind, name string) []byte {
	mac := hmac.New(sha256.New, a.secret)
	fmt.Fprintf(mac, "accounts %s %s", kind, name)
	return mac.Sum(nil)
}

// Network is the part of an address that one person cannot change at will: all of IPv4, the first 64 bits of IPv6.
func Network(from string) string {
	if port, err := netip.ParseAddrPort(from); err == nil {
		from = port.Addr().String()
	}
	address, err := netip.ParseAddr(from)
	if err != nil {
		return from
	}
	address = address.Unmap().WithZone("")
	if address.Is6() {
		if prefix, err := address.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return address.String()
}

// failure is what is remembered of one subject. While nothing is blocked, BlockedUntil is the time of the last failure.
type failure struct {
	Subject      []byte `gorm:"primaryKey"`
	Failures     int
	BlockedUntil time.Time
}

func (failure) TableName() string { return "signin_failures" }

// attempt is one try that has been let through. It is counted as failed before it is made: if it were counted after
// its slow password check, a burst of tries at the same time would all find the count still low.
type attempt struct {
	limits []limit
	counts []int // of failures, this one included
}

// begin lets one attempt through, or refuses it as TooMany when any of the limits is blocked.
func (a *Accounts) begin(ctx context.Context, op string, limits ...limit) (*attempt, error) {
	slices.SortFunc(limits, func(x, y limit) int { return slices.Compare(x.subject, y.subject) }) // the same order of locks for all
	try := &attempt{limits: limits, counts: make([]int, len(limits))}
	now := a.clock()
	err := a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		var wait time.Duration
		rows := make([]failure, len(limits))
		for i, l := range limits {
			if err := lockFailure(tx, l.subject, now, &rows[i]); err != nil {
				return err
			}
			wait = max(wait, rows[i].BlockedUntil.Sub(now))
		}
		if wait > 0 {
			return tooMany(op, wait) // undoes the transaction: a refused attempt leaves no trace
		}
		for i, l := range limits {
			rows[i].count(now, l.free)
			try.counts[i] = rows[i].Failures
			if err := tx.Save(&rows[i]).Error; err != nil {
				return err
			}
		}
		return nil
	})
	return try, err
}

// lockFailure reads a subject's row and keeps it from others until the transaction ends, making it if there is none:
// what does not exist cannot be locked.
func lockFailure(tx *gorm.DB, subject []byte, now time.Time, row *failure) error {
	err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&failure{Subject: subject, BlockedUntil: now}).Error
	if err != nil {
		return err
	}
	return store.ForUpdate(tx).Take(row, "subject = ?", subject).Error
}

func (f *failure) count(now time.Time, free int) {
	if now.Sub(f.BlockedUntil) >= forgetAfter {
		f.Failures = 0
	}
	f.Failures++
	f.BlockedUntil = now.Add(block(f.Failures - free))
}

// block is how long a subject is blocked, over failures after the first that blocks.
func block(over int) time.Duration {
	switch {
	case over < 0:
		return 0
	case over >= 10: // 2^10 seconds are more than the longest
		return longestBlock
	}
	return firstBlock << over
}

// undo takes the attempt back: it did not fail, or was not made.
func (try *attempt) undo(tx *gorm.DB, now time.Time) error {
	for i, l := range try.limits {
		var row failure
		err := store.ForUpdate(tx).Take(&row, "subject = ?", l.subject).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			continue // somebody's success has cleared it
		}
		if err != nil {
			return err
		}
		// A block is lifted if this attempt made it; one that another failure made meanwhile stays.
		mine := row.Failures == try.counts[i]
		row.Failures = max(0, row.Failures-1)
		if mine || row.Failures < l.free {
			row.BlockedUntil = now
		}
		if err := tx.Save(&row).Error; err != nil {
			return err
		}
	}
	return nil
}

// withdraw undoes an attempt that could not be made because of the cause, which it returns. The request may have been
// given up by then; its attempt must still not count.
func (a *Accounts) withdraw(ctx context.Context, op string, try *attempt, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	now := a.clock()
	if err := a.store.Transact(ctx, op, func(tx *gorm.DB) error { return try.undo(tx, now) }); err != nil {
		return errors.Join(cause, err)
	}
	return cause
}

// forget clears one limit's count.
func forget(tx *gorm.DB, l limit) error { return tx.Delete(&failure{}, "subject = ?", l.subject).Error }

func tooMany(op string, wait time.Duration) error {
	seconds := int((wait + time.Second - 1) / time.Second)
	words := strconv.Itoa(seconds) + " seconds"
	switch {
	case seconds == 1:
		words = "a second"
	case seconds > 90:
		words = strconv.Itoa((seconds+59)/60) + " minutes"
	}
	return &surveys.Error{Kind: surveys.TooMany, Op: op, Message: "Too many failed attempts. Please try again in " + words + ".",
		Faults: surveys.Faults{{Code: "wait", Detail: "blocked for " + words, Args: map[string]string{"seconds": strconv.Itoa(seconds)}}}}
}

// Wait tells how long a TooMany error asks its caller to wait, in whole seconds rounded up; zero for any other error.
func Wait(err error) time.Duration {
	var e *surveys.Error
	if !errors.As(err, &e) || e.Kind != surveys.TooMany || len(e.Faults) == 0 {
		return 0
	}
	seconds, err := strconv.Atoi(e.Faults[0].Args["seconds"])
	if err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}
