package stats

import "math"

// Stratum is one department's part in an organisation's weighted mean.
type Stratum struct {
	Scores    Sums
	Headcount int // people in the department when the wave opened
}

// WeightedMean is the mean of an organisation as if every department had answered in
// proportion to its size.
type WeightedMean struct {
	Mean        float64 // points
	HasInterval bool    // whether the fields below mean anything
	Variance    float64 // of Mean, in points squared; its root is the standard error
	DF          float64 // degrees of freedom of the interval
	Low, High   float64 // interval of Mean, cut to 0-100
}

// Weighted is the post-stratified mean over the departments shown:
// sum of N_d * mean_d / sum of N_d, its variance
// sum of (N_d / sum of N_d)^2 * sd_d^2/n_d * fpc_d^2, and the interval of t with
// Satterthwaite's degrees of freedom. For one department it equals [MeanInterval].
// A department with more answers than people weighs by its headcount and has
// fpc 1; see [MoreThanHeadcount].
//
// ok is false without departments, and when one of them has no answers or no known
// headcount: leaving it out in silence would change what the mean is of. There is
// no interval when everyone everywhere answered, nor when the spread of a department
// is unknown because one person of several answered.
func Weighted(departments []Stratum) (w WeightedMean, ok bool) {
	people := 0
	for _, d := range departments {
		if d.Scores.N < 1 || d.Headcount < 1 {
			return WeightedMean{}, false
		}
		people += d.Headcount
	}
	if people == 0 {
		return WeightedMean{}, false
	}
	for _, d := range departments {
		w.Mean += float64(d.Headcount) / float64(people) * d.Scores.Sum / float64(d.Scores.N)
	}
	variance, df, ok := weightedVariance(departments, people)
	if !ok {
		return w, true
	}
	half := tQuantile(df) * math.Sqrt(variance)
	w.HasInterval, w.Variance, w.DF = true, variance, df
	w.Low, w.High = clamp(w.Mean-half, 0, 100), clamp(w.Mean+half, 0, 100)
	return w, true
}

func weightedVariance(departments []Stratum, people int) (variance, df float64, ok bool) {
	spread, sampled := 0.0, 0 // Satterthwaite's denominator; degrees of freedom in all
	for _, d := range departments {
		if everyoneAnswered(d.Scores.N, d.Headcount) {
			continue // known, not estimated: adds no variance
		}
		v, ok := d.Scores.variance()
		if !ok {
			return 0, 0, false
		}
		share := float64(d.Headcount) / float64(people) * finiteCorrection(d.Scores.N, d.Headcount)
		part := share * share * v / float64(d.Scores.N)
		variance += part
		spread += part * part / float64(d.Scores.N-1)
		sampled += d.Scores.N - 1
	}
	switch {
	case sampled == 0:
		return 0, 0, false
	case spread == 0:
		return 0, float64(sampled), true
	}
	return variance, variance * variance / spread, true
}
