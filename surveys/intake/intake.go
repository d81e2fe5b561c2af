// Package intake takes a submission, makes it durable, exactly once, and only then says so. Receipts look up, change
// and withdraw what was taken in.
//
// Many people answer in the same minute, and a transaction each would cost a disk flush each. One writer gathers what
// has arrived and commits it together; every submitter is answered after that commit.
package intake

import (
	"context"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"soundings/surveys"
	"soundings/surveys/store"
)

const (
	// gatherMost bounds one transaction; the writer never waits for more to come.
	gatherMost = 256
	// commitPatience bounds how long submitters wait for a database that hangs.
	commitPatience = 15 * time.Second
	// DefaultQueue is how many submissions may wait. More are refused at once.
	DefaultQueue = 4096
)

// Intake is the one way responses enter the database. Close it to drain what waits.
type Intake struct {
	store  *store.Store
	secret surveys.Secret
	ids    sync.Pool // of *surveys.Deriver
	log    *slog.Logger
	queue  chan *item

	mu     sync.RWMutex // guards closed against a send on a closed queue
	closed bool
	done   chan struct{}
}

// Outcome is what became of a submission.
type Outcome int

const (
	Stored    Outcome = iota + 1 // a new response
	Unchanged                    // the same response again: a retry, a double click, a reload
	Changed                      // the response now holds the new answers
	Withdrawn                    // the response is no longer part of the survey
)

type verb int

const (
	submit verb = iota
	change
	withdraw
)

// item is one submission on its way. outcome and err are written by the writer before done is closed.
type item struct {
	verb    verb
	wave    surveys.WaveID
	reply   surveys.Reply
	texts   []string // ids of the questions that may have a comment
	id      surveys.ID
	row     responseRow // what to store, made by the submitter: the one writer has enough to do
	said    []commentRow
	mark    *surveys.Mark // of the invitation it answers; nil for an answer by a link
	outcome Outcome
	err     error
	done    chan struct{}
}

// New starts the writer. queue bounds how many submissions may wait.
func New(s *store.Store, secret surveys.Secret, log *slog.Logger, queue int) *Intake {
	in := &Intake{store: s, secret: secret, log: log, queue: make(chan *item, queue), done: make(chan struct{})}
	go in.write()
	return in
}

// Close refuses new submissions, commits those that wait, and returns when the writer has ended.
func (in *Intake) Close() {
	in.mu.Lock()
	if !in.closed {
		in.closed = true
		close(in.queue)
	}
	in.mu.Unlock()
	<-in.done
}

// Waiting is the number of submissions in the queue.
func (in *Intake) Waiting() int { return len(in.queue) }

// Submit stores a reply for a wave, or recognises it by its receipt. When it returns without an error the response is
// committed. An error of kind Unavailable means that it may be sent again with the same receipt.
func (in *Intake) Submit(ctx context.Context, wave surveys.WaveID, doc *surveys.Document, reply surveys.Reply) (Outcome, error) {
	return in.do(ctx, &item{verb: submit, wave: wave, reply: reply, texts: textQuestions(doc)})
}

// SubmitOnce is Submit for an answer to an invitation, which takes one response: with another receipt for a mark that is
// taken, the error is of kind Conflict and wraps ErrAnswered. The mark is taken in the transaction that stores the
// response, so neither can be without the other.
func (in *Intake) SubmitOnce(ctx context.Context, wave surveys.WaveID, doc *surveys.Document, reply surveys.Reply, mark surveys.Mark) (Outcome, error) {
	return in.do(ctx, &item{verb: submit, wave: wave, reply: reply, texts: textQuestions(doc), mark: &mark})
}

// Change replaces the answers of the response that the reply's receipt stands for. It keeps its department and band.
func (in *Intake) Change(ctx context.Context, wave surveys.WaveID, doc *surveys.Document, reply surveys.Reply) (Outcome, error) {
	return in.do(ctx, &item{verb: change, wave: wave, reply: reply, texts: textQuestions(doc)})
}

// Withdraw takes a response and its comments out of its wave, while that is open.
func (in *Intake) Withdraw(ctx context.Context, wave surveys.WaveID, doc *surveys.Document, receipt surveys.Receipt) error {
	_, err := in.do(ctx, &item{verb: withdraw, wave: wave, reply: surveys.Reply{Receipt: receipt}, texts: textQuestions(doc)})
	return err
}

func (in *Intake) do(ctx context.Context, it *item) (Outcome, error) {
	ids := in.deriver()
	it.id = ids.ResponseID(it.reply.Receipt)
	in.ids.Put(ids)
	it.done = make(chan struct{})
	if err := in.enqueue(it); err != nil {
		return 0, err
	}
	select {
	case <-it.done:
		return it.outcome, it.err
	case <-ctx.Done():
		return 0, &surveys.Error{Kind: surveys.Unavailable, Op: "intake", Message: "it took too long", Err: ctx.Err()}
	}
}

// deriver is one that nobody uses just now; it goes back into the pool.
func (in *Intake) deriver() *surveys.Deriver {
	if ids, ok := in.ids.Get().(*surveys.Deriver); ok {
		return ids
	}
	return in.secret.Deriver()
}

func (in *Intake) enqueue(it *item) (err error) {
	if it.row, err = it.response(); err != nil {
		return err
	}
	ids := in.deriver()
	it.said = comments(ids, it, it.reply.Department)
	in.ids.Put(ids)
	in.mu.RLock()
	defer in.mu.RUnlock()
	if in.closed {
		return &surveys.Error{Kind: surveys.Unavailable, Op: "intake", Message: "the program is stopping"}
	}
	select {
	case in.queue <- it:
		return nil
	default:
		return &surveys.Error{Kind: surveys.Unavailable, Op: "intake", Message: "too many answers are waiting"}
	}
}

// write is the one writer. It ends when the queue is closed and empty.
func (in *Intake) write() {
	defer close(in.done)
	for first := range in.queue {
		batch := in.gather(first)
		ctx, cancel := context.WithTimeout(context.Background(), commitPatience)
		in.commit(ctx, batch)
		cancel()
		for _, it := range batch {
			close(it.done)
		}
	}
}

func (in *Intake) gather(first *item) []*item {
	runtime.Gosched() // whoever is about to submit comes along: fewer, larger transactions
	batch := append(make([]*item, 0, gatherMost), first)
	for len(batch) < gatherMost {
		select {
		case it, ok := <-in.queue:
			if !ok {
				return batch
			}
			batch = append(batch, it)
		default:
			return batch
		}
	}
	return batch
}

// commit stores a batch: what is new in one transaction, what concerns stored responses in a second. If the batch as a
// whole cannot be stored although the database is there, its halves are tried apart, and so on, so that one bad row
// never fails its neighbours and costs them little time.
func (in *Intake) commit(ctx context.Context, batch []*item) {
	first, others := firsts(batch, nil, nil)
	if len(first) > 0 && len(others) > 0 {
		in.commit(ctx, first)
		in.commit(ctx, others)
		return
	}
	attempt := in.append
	if len(others) > 0 {
		attempt = in.commitTogether
	}
	err := attempt(ctx, batch)
	// Twice, because another server may store a receipt or take a mark between the look and the insert.
	for range 2 {
		if surveys.KindOf(err) == surveys.Conflict {
			err = in.commitTogether(ctx, batch)
		}
	}
	if err == nil {
		return
	}
	away := in.away(ctx, err)
	if away == nil && len(batch) > 1 {
		half := len(batch) / 2
		in.commit(ctx, batch[:half])
		in.commit(ctx, batch[half:])
		return
	}
	if away != nil {
		err = away
	}
	in.log.Error("intake: responses not stored", "waiting", len(batch), "error", err)
	for _, it := range batch {
		it.outcome, it.err = 0, err
	}
}

// away returns an error of kind Unavailable if a commit failed because of the database, not of what was to be stored.
func (in *Intake) away(ctx context.Context, err error) error {
	if surveys.KindOf(err) == surveys.Unavailable {
		return err
	}
	if in.store.Ping(ctx) == nil {
		return nil
	}
	return &surveys.Error{Kind: surveys.Unavailable, Op: "intake: commit", Message: "the database cannot be used right now", Err: err}
}

func textQuestions(doc *surveys.Document) []string {
	var ids []string
	for i := range doc.Questions {
		if doc.Questions[i].TakesText() {
			ids = append(ids, doc.Questions[i].ID)
		}
	}
	return ids
}
