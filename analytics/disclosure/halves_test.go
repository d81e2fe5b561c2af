package disclosure

import "testing"

func TestHalvesAreToldWhereNeitherCancelsOutButForAFew(t *testing.T) {
	said := func(n, value int) []person {
		people := make([]person, n)
		for i := range people {
			people[i].value = value
		}
		return people
	}
	newcomers := func(n int) []person { return moved(mixed(n)) }
	tests := map[string]struct {
		parts [][][]person // of the first department, by part and band
		want  Decision     // on the first part
	}{
		"two large ones":                       {[][][]person{{newcomers(9), newcomers(9)}, {newcomers(10), newcomers(8)}}, Decision{Level: Shown}},
		"some saw neither":                     {[][][]person{{newcomers(9), newcomers(9)}, {newcomers(10), newcomers(8)}, {newcomers(5), newcomers(5)}}, Decision{Level: Shown}},
		"few saw neither":                      {[][][]person{{newcomers(9), newcomers(9)}, {newcomers(10), newcomers(8)}, {newcomers(2), newcomers(1)}}, Decision{Hidden, Protects}},
		"one is small":                         {[][][]person{{newcomers(2), newcomers(2)}, {newcomers(10), newcomers(18)}}, Decision{Hidden, TooFew}},
		"each is a band but for a few":         {[][][]person{{newcomers(20), newcomers(2)}, {newcomers(2), newcomers(20)}}, Decision{Hidden, Protects}},
		"some were told of while it was open":  {[][][]person{{newcomers(9), mixed(9)}, {newcomers(10), newcomers(8)}}, Decision{Hidden, MovedTooLittle}},
		"only a few are left for an answer":    {[][][]person{{moved(upTo4(9)), moved(upTo4(9))}, {moved([]person{{value: 5}, {value: 5}, {value: 1}}), newcomers(8)}}, Decision{Hidden, Protects}},
		"all of one half gave the same answer": {[][][]person{{moved(said(9, 5)), moved(said(9, 5))}, {newcomers(10), newcomers(8)}}, Decision{Hidden, Protects}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var parts [][]Aggregate
			department := make([]Aggregate, 2)
			for _, part := range test.parts {
				row := table{part}.aggregates()[0]
				parts = append(parts, row)
				for j, cell := range row {
					department[j] = department[j].Plus(cell)
				}
			}
			cells := append([][]Aggregate{department}, table{{newcomers(30), newcomers(30)}}.aggregates()...)
			told := Rule{5}.Table(cells)
			each := Rule{5}.Halves(cells, told, map[int][][]Aggregate{0: parts})[0]
			if each[0] != test.want {
				t.Errorf("the first half is %v, want %v", each[0], test.want)
			}
			for i, d := range each {
				if (d.Level == Shown) != (test.want.Level == Shown) {
					t.Errorf("part %d is %v, the first %v", i, d, each[0])
				}
			}
			told.Rows[0] = Decision{Hidden, Protects}
			for i, d := range (Rule{5}).Halves(cells, told, map[int][][]Aggregate{0: parts})[0] {
				if d.Level != Hidden {
					t.Errorf("of a hidden department, part %d is %v", i, d)
				}
			}
		})
	}
}

func moved(people []person) []person {
	for i := range people {
		people[i].moved = true
	}
	return people
}

// upTo4 is people of whom nobody said 5.
func upTo4(n int) []person {
	people := make([]person, n)
	for i := range people {
		people[i].value = 1 + i%4
	}
	return people
}
