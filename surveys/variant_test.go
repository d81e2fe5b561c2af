package surveys

import "testing"

func TestAVariantIsReadOnlyWhereTextsAreTriedAndItsFieldSaysOne(t *testing.T) {
	doc := &Document{Language: "en", Questions: []Question{{ID: "a", Kind: Scale, Points: 5}}}
	for name, test := range map[string]struct {
		tried bool
		field []string
		want  Variant
	}{
		"the first":           {true, []string{"a"}, VariantA},
		"the second":          {true, []string{"b"}, VariantB},
		"missing":             {true, nil, NoVariant},
		"made up":             {true, []string{"c"}, NoVariant},
		"a number":            {true, []string{"1"}, NoVariant},
		"empty":               {true, []string{""}, NoVariant},
		"twice":               {true, []string{"a", "a"}, NoVariant},
		"nothing is tried":    {false, []string{"a"}, NoVariant},
		"in capitals":         {true, []string{"A"}, NoVariant},
		"with a space before": {true, []string{" a"}, NoVariant},
	} {
		t.Run(name, func(t *testing.T) {
			form := Form{"receipt": {string(NewReceipt())}, "q.a": {"3"}}
			if test.field != nil {
				form[VariantField] = test.field
			}
			reply, faults := doc.ReadReply(form, Audience{Fixed: 1, Tried: test.tried})
			if len(faults) > 0 || reply.Variant != test.want {
				t.Errorf("%q, faults %v; want %q", reply.Variant, faults, test.want)
			}
		})
	}
}
