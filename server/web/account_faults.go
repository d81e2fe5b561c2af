package web

import (
	"errors"
	"math"
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"soundings/server/accounts"
	"soundings/surveys"
)

// mended is what a form of an account says when it comes back.
type mended struct {
	Problem string            // about the whole form
	Faults  map[string]string // beside their fields
}

// mend puts an error that its sender can do something about into the words of the page and sets the answer's status. Any
// other error is given back.
func (f frame) mend(c *fiber.Ctx, err error) (mended, error) {
	var known *surveys.Error
	if !errors.As(err, &known) {
		return mended{}, err
	}
	if known.Kind == surveys.Unauthorized && len(known.Faults) == 0 || statuses[known.Kind] >= http.StatusInternalServerError || known.Kind == surveys.NotFound {
		return mended{}, err
	}
	return f.tell(c, known)
}

// tell is mend for whatever error it is given.
func (f frame) tell(c *fiber.Ctx, err *surveys.Error) (mended, error) {
	say := phrases{speech: f.speech}
	m := mended{Problem: say.failure(failureOf(err)), Faults: say.faults("fault_", err.Faults)}
	if wait := accounts.Wait(err); wait > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	}
	c.Status(statuses[err.Kind])
	neverKept(c)
	return m, say.err
}

// own is the session of a request that a signed-in person has sent, and their form.
func own(c *fiber.Ctx) (*accounts.Session, surveys.Form, error) {
	form, err := staffForm(c)
	return current(c), form, err
}

func seeOther(c *fiber.Ctx, path string) error { return c.Redirect(path, http.StatusSeeOther) }
