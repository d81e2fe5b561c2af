package stats

import "math"

// DriverMinPersons is the least number of persons for which the correlation of an item
// with a construct is shown; under it stands that of the whole organisation.
const DriverMinPersons = 30

// Spearman is the rank correlation, -1 to 1, in a joint table: table[i][j] counts the
// persons with the i-th value of one thing and the j-th of the other, both in
// ascending order. Equal values share the mean of their ranks. n is the number of
// persons; values nobody gave may have a row or column of zeros.
//
// ok is false for a ragged table, a negative count, and when either side does not
// vary, under two persons therefore too.
func Spearman(table [][]int) (rho float64, n int, ok bool) {
	rows, columns, ok := margins(table)
	if !ok {
		return 0, 0, false
	}
	a, varA := centredRanks(rows)
	b, varB := centredRanks(columns)
	if varA == 0 || varB == 0 {
		return 0, 0, false
	}
	covariance := 0.0
	for i, row := range table {
		n += rows[i]
		for j, count := range row {
			covariance += float64(count) * a[i] * b[j]
		}
	}
	return covariance / math.Sqrt(varA*varB), n, true
}

func margins(table [][]int) (rows, columns []int, ok bool) {
	if len(table) == 0 {
		return nil, nil, false
	}
	rows, columns = make([]int, len(table)), make([]int, len(table[0]))
	for i, row := range table {
		if len(row) != len(columns) {
			return nil, nil, false
		}
		for j, count := range row {
			if count < 0 {
				return nil, nil, false
			}
			rows[i] += count
			columns[j] += count
		}
	}
	return rows, columns, true
}

// centredRanks gives each value the mean of its ranks less the mean of all ranks, and
// the sum of their squares over persons, exactly 0 when all persons share one value.
func centredRanks(counts []int) (ranks []float64, squares float64) {
	n := 0
	for _, c := range counts {
		n += c
	}
	ranks = make([]float64, len(counts))
	before := 0
	for i, c := range counts {
		// Twice the centred rank is whole, so nothing is rounded here.
		ranks[i] = float64(2*before+c-n) / 2
		squares += float64(c) * ranks[i] * ranks[i]
		before += c
	}
	return ranks, squares
}

// CorrelationInterval is the interval of a rank correlation of n persons: Fisher's z with
// the standard error sqrt((1 + rho^2/2)/(n-3)) of Bonett and Wright (2000). ok is
// false under four persons, and at -1 or 1, where z has no bounds.
func CorrelationInterval(rho float64, n int) (low, high float64, ok bool) {
	if n < 4 || !(rho > -1 && rho < 1) {
		return 0, 0, false
	}
	z := math.Atanh(rho)
	half := normalQuantile() * math.Sqrt((1+rho*rho/2)/float64(n-3))
	return math.Tanh(z - half), math.Tanh(z + half), true
}
