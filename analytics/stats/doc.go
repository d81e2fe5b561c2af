// Package stats is the pure mathematics behind every figure Soundings shows: it
// turns counts and sums into means, shares, intervals, tests and verdicts, and
// knows nothing of surveys, departments or databases.
//
// Units: scores, differences, and the recommend score are in points (0-100,
// -100-100 where signed); shares and correlations are fractions (0-1, -1-1).
// All intervals are two-sided 95 % intervals.
//
// Convention: a function whose figure may be undefined (too few answers, nobody
// left to sample, impossible counts) returns ok = false with zeros beside it. It
// never returns NaN, an infinity or a figure of convenience instead, so a caller
// that checks ok can print and encode whatever it got.
package stats
