package outbox

import (
	"context"
	"errors"
	"time"

	"github.com/wneessen/go-mail"

	"soundings/surveys"
	"soundings/surveys/rounds"
	"soundings/surveys/settings"
)

const (
	// lookEvery is how soon something new is noticed.
	lookEvery = 500 * time.Millisecond
	// longestBackoff bounds the pause while the mail server or the database is away.
	longestBackoff = 2 * time.Minute
	purgeEvery     = time.Hour
)

// Run sends what is due until ctx ends. A message under way is finished first, within a few seconds.
func (o *Outbox) Run(ctx context.Context) {
	var purged time.Time
	round := func(ctx context.Context) (busy bool, err error) {
		busy, err = o.round(ctx)
		if o.now().Sub(purged) > purgeEvery {
			purged = o.now()
			if err := Purge(ctx, o.Store, purged); err != nil && ctx.Err() == nil {
				o.Log.Error("old addresses could not be removed from the outbox", "error", err)
			}
		}
		return busy, err
	}
	rounds.Pace{Look: lookEvery, Longest: longestBackoff}.Run(ctx, round, func(err error, wait time.Duration) {
		o.Log.Warn("mail could not be sent; it is tried again", "in", wait.String(), "error", err)
	})
}

// round settles what the dead have left, and sends what can be claimed at once over one connection. busy tells that there
// may be more.
func (o *Outbox) round(ctx context.Context) (busy bool, err error) {
	if err := o.sweep(ctx); err != nil {
		return false, err
	}
	server, err := settings.ReadMail(o.Store.Read(ctx), o.Secret)
	if err != nil || !server.Configured() {
		return false, errors.Join(err, o.note(ctx, err))
	}
	if waiting, err := o.waiting(ctx); err != nil || !waiting {
		return false, err
	}
	conn, err := connect(ctx, server, o.RootCAs)
	if noted := o.note(ctx, err); err != nil || noted != nil {
		return false, errors.Join(err, noted)
	}
	s := &session{outbox: o, server: server, conn: conn}
	defer func() { s.conn.close() }()
	c, err := o.claim(ctx, server.PerMinute)
	if err != nil || len(c.rows) == 0 {
		return false, err
	}
	release := o.hold(c.rows)
	left, err := s.sendAll(ctx, c)
	release()
	settled, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer cancel()
	return true, errors.Join(err, o.giveBack(settled, left))
}

// session sends one claim over one connection at a time.
type session struct {
	outbox *Outbox
	server settings.Mail
	conn   *connection
}

// sendAll sends claimed entries, each at its time, and returns those it did not begin.
func (s *session) sendAll(ctx context.Context, c claimed) (left []entryRow, err error) {
	for i, r := range c.rows {
		if !rounds.Rest(ctx, c.start.Add(time.Duration(i)*c.gap).Sub(s.outbox.now())) {
			return c.rows[i:], nil
		}
		if s.conn.dead {
			s.conn.close()
			conn, err := connect(ctx, s.server, s.outbox.RootCAs)
			if noted := s.outbox.note(ctx, err); err != nil || noted != nil {
				return c.rows[i:], errors.Join(err, noted)
			}
			s.conn = conn
		}
		begun, err := s.one(ctx, r)
		if err != nil && !begun {
			return c.rows[i:], err
		}
		if err != nil {
			return c.rows[i+1:], err
		}
	}
	return nil, nil
}

// one writes, marks, sends and settles one entry. begun is false as long as nothing can have been delivered.
func (s *session) one(ctx context.Context, r entryRow) (begun bool, err error) {
	msg, out := s.outbox.write(ctx, s.server, r)
	if msg == nil {
		return false, s.outbox.settle(ctx, r, out)
	}
	mine, err := s.outbox.begin(ctx, r)
	if err != nil || !mine {
		return false, err
	}
	return true, s.outbox.settle(ctx, r, s.conn.send(ctx, msg))
}

// write writes the message of an entry. Without one, the outcome says what becomes of the entry.
func (o *Outbox) write(ctx context.Context, server settings.Mail, r entryRow) (*mail.Msg, outcome) {
	text, err := o.Writers[r.Kind](ctx, r.entry())
	if errors.Is(err, ErrUnneeded) {
		return nil, outcome{state: Unneeded}
	}
	var msg *mail.Msg
	if err == nil {
		msg, err = compose(server, r.Address, r.MessageID, text, o.now())
	}
	switch {
	case err == nil:
		return msg, outcome{}
	case errors.Is(err, errAddress):
		return nil, outcome{state: Failed, fault: BadAddress}
	case surveys.KindOf(err) == surveys.Unavailable:
		return nil, outcome{state: Queued, fault: Unwritable}
	}
	o.Log.Error("a message could not be written", "kind", r.Kind, "entry", r.ID, "error", err)
	return nil, outcome{state: Failed, fault: Unwritable}
}

// settle writes the outcome down, however long the database is away, unless the program is told to stop: the message may
// have left, and only this program knows what became of it.
func (o *Outbox) settle(ctx context.Context, r entryRow, out outcome) error {
	patient, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		time.AfterFunc(stopPatience, cancel)
	})()
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		err := o.finish(patient, r, out)
		if err == nil || surveys.KindOf(err) != surveys.Unavailable || !rounds.Rest(patient, wait) {
			return err
		}
	}
}

// Try sends one message at once, for somebody who waits for it. The error is the mail server's own words where it spoke.
func Try(ctx context.Context, d Deps, server settings.Mail, to string, m Mail) error {
	msg, err := compose(server, to, random(), m, d.Now())
	if err != nil {
		return err
	}
	conn, err := connect(ctx, server, d.RootCAs)
	if err != nil {
		return err
	}
	defer conn.close()
	if out := conn.send(ctx, msg); out.state != Sent {
		return errors.New(out.reply)
	}
	return nil
}
