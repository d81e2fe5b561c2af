package intake

import (
	"fmt"
	"testing"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// What somebody read before they answered stays with the answer, whatever becomes of it.
func TestWhatSomebodyReadFirstIsKeptThroughRetriesAndChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := openDesk(t, s)
		kept := func(r surveys.Reply, want any) {
			t.Helper()
			found, err := d.Lookup(t.Context(), r.Receipt, d.doc)
			if err != nil || fmt.Sprint(found.Reply.Variant) != fmt.Sprint(want) {
				t.Errorf("variant %q, want %q, %v", found.Reply.Variant, want, err)
			}
		}
		r, none := reply(4, "hello"), reply(2)
		r.Variant = surveys.VariantB
		for _, one := range []surveys.Reply{r, none} {
			got, err := d.submit(one)
			expect(t, "submit", got, err, Stored, "")
		}
		kept(r, "b")
		kept(none, "")
		if got := storetest.Rows(t, s, "SELECT COUNT(*) FROM responses WHERE variant IS NULL"); got[0] != "1" {
			t.Errorf("%v responses have none", got)
		}
		r.Variant = surveys.VariantA
		got, err := d.submit(r)
		expect(t, "retry", got, err, Unchanged, "")
		r.Answers = surveys.Answers{"easier": surveys.Number(2)}
		got, err = d.submit(r)
		expect(t, "other answers from a page with the other text", got, err, Changed, "")
		r.Variant, r.Answers = surveys.NoVariant, surveys.Answers{"easier": surveys.Number(1)}
		got, err = d.change(r)
		expect(t, "changed by receipt", got, err, Changed, "")
		kept(r, "b")
	})
}
