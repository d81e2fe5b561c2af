# Computes the figures of exported waves once more, from the files of responses and with nothing but base R: t.test,
# prop.test, p.adjust, cor.test, cov. Usage:
#
#   Rscript --vanilla figures.R FOLDER gated|whole
#
# FOLDER holds responses-wave-*.csv and results-survey-*.csv; figures.csv is written into it, a line for each figure, named
# as the rows and columns of the results are. Of a survey that is "gated" the files of responses leave out what might tell of
# a few people: figures that would need it are not computed. Of a "whole" one nothing is left out.
#
# The results are read for what responses do not say: headcounts, the order of waves, which departments were tested together.
#
# For each visits-survey-*.csv, departments visited between two waves and the others, effects-survey-*.csv has what the comparison
# comes to, from the responses of the departments that the file names; where the files of responses leave some out, from its means.

args <- commandArgs(TRUE)
folder <- args[1]
whole <- args[2] == "whole"

# What the surveys ask, as their authors wrote it; "-" marks a statement that is turned round first.
surveys <- list(
  list(construct = "openness", choice = "worry",
       items = c("benefit", "-fit", "confidence", "support", "-informed", "involved", "willing")),
  list(construct = "engagement", recommend = "recommend",
       items = c("responsive", "understands", "informs", "-involves", "delivers", "heard")),
  list(construct = "openness", items = c("progRSE1", "progRSE2", "progRSE3", "progRSE5")))
worries <- c("time", "learning", "reliable", "lose", "nothing", "other")

results <- do.call(rbind, lapply(list.files(folder, "^results-survey-.*csv$", full.names = TRUE), read.csv))
stopifnot(is.numeric(results$mean), is.numeric(results$p), is.logical(results$shown), !anyNA(results$shown),
          is.character(results$group), !anyNA(as.Date(results$opened)))

figures <- list()
emit <- function(at, measure, values) {
  values <- values[!is.na(values)]
  text <- if (is.numeric(values)) sprintf("%.17g", values) else values
  figures[[length(figures) + 1]] <<- list(of = c(at$wave, at$by, at$group, at$kind, measure), columns = names(values), values = text)
}

# ---- one group

fpc <- function(n, N) if (is.na(N) || N <= 1 || n > N) 1 else sqrt((N - n) / (N - 1))
everyone <- function(n, N) !is.na(N) && n == N
clamp <- function(x, low, high) pmin(pmax(x, low), high)

# Student's interval of a mean; equal scores give one without width.
interval <- function(x, N) {
  if (length(x) < 2 || everyone(length(x), N)) return(c(NA, NA))
  half <- if (sd(x) < 1e-9) 0 else diff(t.test(x)$conf.int) / 2 * fpc(length(x), N)
  mean(x) + c(-half, half)
}

# Wilson's interval. prop.test is slow and asked about the same shares again and again.
shares <- new.env()
wilson <- function(x, n, N = NA) {
  if (everyone(n, N)) return(c(NA, NA))
  key <- paste(x, n)
  if (is.null(shares[[key]])) shares[[key]] <- as.vector(suppressWarnings(prop.test(x, n, correct = FALSE))$conf.int)
  ends <- shares[[key]]
  ends <- mean(ends) + c(-1, 1) * diff(ends) / 2 * fpc(n, N)
  100 * c(max(0, min(ends[1], x / n)), min(1, max(ends[2], x / n)))
}

describe <- function(g, N) {
  n <- length(g$score)
  ends <- clamp(interval(g$score, N), 0, 100)
  good <- wilson(sum(g$side > 0), n, N)
  spread <- sd(g$judged)
  list(n = n, mean = mean(g$score), sd = sd(g$score), low = ends[1], high = ends[2],
       favourable = 100 * mean(g$side > 0), favourable_low = good[1], favourable_high = good[2],
       neutral = 100 * mean(g$side == 0), unfavourable = 100 * mean(g$side < 0),
       smallest_change = if (n < 2 || spread < 1e-9) NA else max(5, qt(.975, 2 * n - 2) * spread * sqrt(2 / n)))
}

# The recommend score by its own standard error.
recommended <- function(side) {
  p <- mean(side > 0); d <- mean(side < 0)
  se <- 100 * sqrt((p + d - (p - d)^2) / length(side))
  ends <- clamp(100 * (p - d) + c(-1, 1) * qnorm(.975) * se, -100, 100)
  list(recommend = 100 * (p - d), recommend_low = ends[1], recommend_high = ends[2])
}

# ---- two groups

welch <- function(now, then) {
  if (length(now) < 2 || length(then) < 2 || sd(now) + sd(then) < 1e-9) return(NULL)
  test <- t.test(now, then)
  ends <- clamp(test$conf.int, -100, 100)
  list(change = mean(now) - mean(then), change_low = ends[1], change_high = ends[2], p = test$p.value)
}

# Newcombe's interval from two of Wilson's; where both groups are of one mind there is nothing to test.
newcombe <- function(x1, n1, x2, n2) {
  p1 <- 100 * x1 / n1; p2 <- 100 * x2 / n2
  w1 <- wilson(x1, n1); w2 <- wilson(x2, n2)
  p <- suppressWarnings(prop.test(c(x1, x2), c(n1, n2), correct = FALSE))$p.value
  list(change = p1 - p2, change_low = max(-100, p1 - p2 - sqrt((p1 - w1[1])^2 + (w2[2] - p2)^2)),
       change_high = min(100, p1 - p2 + sqrt((w1[2] - p1)^2 + (p2 - w2[1])^2)), p = if (is.nan(p)) 1 else p)
}

verdict <- function(change, p) {
  if (p >= .05 || abs(change) < 5 - 1e-9) "no_clear_change" else if (change > 0) "clearly_up" else "clearly_down"
}

# Corrects what was tested together, and writes it down. Not all of it may have been computed here: then only the changes are.
together <- function(tests, by, measure, prefix = "") {
  tests <- Filter(function(t) !is.null(t$test), tests)
  if (length(tests) == 0) return()
  at <- tests[[1]]$at
  column <- paste0(prefix, "p")
  tested <- results[results$wave_id == at$wave & results$by == by & results$measure == measure & !is.na(results[[column]]), "group"]
  complete <- whole || all(tested %in% sapply(tests, function(t) t$at$group))
  ps <- p.adjust(sapply(tests, function(t) t$test$p), method = "holm")
  for (i in seq_along(tests)) {
    test <- tests[[i]]$test
    test$p <- if (complete) ps[i] else NA
    names(test) <- paste0(prefix, names(test))
    emit(tests[[i]]$at, measure, unlist(test))
    if (complete)
      emit(tests[[i]]$at, measure, setNames(verdict(tests[[i]]$test$change, ps[i]), paste0(prefix, "verdict")))
  }
}

# ---- one wave

# What was said: a list of scores, sides and values for each measure, NA where somebody did not say.
read <- function(wave) {
  r <- read.csv(file.path(folder, sprintf("responses-wave-%d.csv", wave)))
  survey <- Find(function(s) all(sub("-", "", s$items) %in% names(r)), surveys)
  stopifnot(!is.null(survey), is.character(r$wave) || is.numeric(r$wave))
  for (by in c("department", "band")) r[[by]][is.na(r[[by]])] <- "" # where nobody has one
  plain <- sub("-", "", survey$items)
  scores <- matrix(nrow = nrow(r), ncol = length(plain), dimnames = list(NULL, plain))
  for (item in survey$items) {
    name <- sub("-", "", item)
    value <- if (name == item) r[[name]] else 6 - r[[name]]
    scores[, name] <- 100 * (value - 1) / 4
  }
  half <- function(m) ifelse(rowSums(!is.na(m)) > 0 & 2 * rowSums(!is.na(m)) >= ncol(m), rowMeans(m, na.rm = TRUE), NA)
  measures <- list()
  construct <- half(scores)
  measures[[survey$construct]] <- list(kind = "construct", score = construct, needs = plain, judged = construct,
                                       side = (construct >= 62.5) - (construct < 37.5))
  for (name in plain)
    measures[[name]] <- list(kind = "scale", score = scores[, name], needs = name, judged = scores[, name], side = sign(scores[, name] - 50),
                             value = as.character(r[[name]]), values = as.character(1:5))
  for (name in survey$recommend) {
    side <- (r[[name]] >= 9) - (r[[name]] <= 6)
    measures[[name]] <- list(kind = "recommend", score = 10 * r[[name]], needs = name, judged = 100 * side, side = side,
                             value = as.character(r[[name]]), values = as.character(0:10))
  }
  for (name in survey$choice) {
    said <- r[[name]]
    said[!is.na(said) & said == ""] <- NA
    r[[name]] <- said
    measures[[name]] <- list(kind = "choice", needs = name, value = said, values = worries)
  }
  list(wave = wave, responses = r, survey = survey, scores = scores, half = half, measures = measures)
}

# Whether the answers to all of some questions are in the file, of some rows.
told <- function(w, rows, questions) {
  whole || all(sapply(questions, function(q) all(tapply(!is.na(w$responses[[q]][rows]), w$responses$department[rows], any))))
}

# A measure of some rows without those who did not say, or NULL where it cannot be had.
part <- function(w, rows, measure) {
  m <- w$measures[[measure]]
  if (is.null(m) || !any(rows) || !told(w, rows, m$needs)) return(NULL)
  own <- rows & !is.na(if (is.null(m$score)) m$value else m$score)
  if (!any(own)) return(NULL)
  list(kind = m$kind, score = m$score[own], judged = m$judged[own], side = m$side[own], value = m$value[own], values = m$values)
}

headcount <- function(at) {
  of <- results$wave_id == at$wave & results$by == at$by & results$group == at$group & results$kind == "participation"
  if (any(of)) results$headcount[of] else NA
}

# Which rows are of a group: of everyone, or of a department or band.
rowsOf <- function(w, by, group) if (by == "organisation") rep(TRUE, nrow(w$responses)) else w$responses[[by]] == group

# The groups of a wave: everyone, and each department or band that the file names.
units <- function(w, by) {
  groups <- if (by == "organisation") "" else sort(setdiff(unique(w$responses[[by]]), ""))
  lapply(groups, function(g) list(group = g, rows = rowsOf(w, by, g)))
}

ofGroups <- function(w, before, by) {
  for (measure in names(w$measures)) {
    welches <- favoured <- list()
    options <- list()
    for (u in units(w, by)) {
      at <- list(wave = w$wave, by = by, group = u$group, kind = w$measures[[measure]]$kind)
      N <- headcount(at)
      now <- part(w, u$rows, measure)
      if (is.null(now)) next
      then <- if (is.null(before)) NULL else part(before, rowsOf(before, by, u$group), measure)
      n <- length(now$value)
      if (!is.null(now$side)) {
        n <- length(now$score)
        emit(at, measure, unlist(describe(now, N)))
        if (now$kind == "recommend") emit(at, measure, unlist(recommended(now$side)))
        if (!is.null(then)) {
          welches <- c(welches, list(list(at = at, test = welch(now$judged, then$judged))))
          favoured <- c(favoured, list(list(at = at, test = newcombe(sum(now$side > 0), n, sum(then$side > 0), length(then$side)))))
        }
      } else emit(at, measure, c(n = n))
      at$kind <- "answer"
      for (value in now$values) {
        name <- paste0(measure, ".", value)
        x <- sum(now$value == value)
        ends <- wilson(x, n, N)
        emit(at, name, c(n = n, count = x, percent = 100 * x / n, percent_low = ends[1], percent_high = ends[2]))
        if (now$kind == "choice" && !is.null(then))
          options[[name]] <- c(options[[name]], list(list(at = at, test = newcombe(x, n, sum(then$value == value), length(then$value)))))
      }
    }
    together(welches, by, measure)
    together(favoured, by, measure, "favourable_")
    for (name in names(options)) together(options[[name]], by, name)
  }
}

present <- function(w, by) {
  for (u in units(w, by)) {
    at <- list(wave = w$wave, by = by, group = u$group, kind = "participation")
    n <- sum(u$rows); N <- headcount(at)
    emit(at, "participation", c(n = n, rate = if (!is.na(N) && N >= max(n, 5)) n / N else NA))
  }
}

# How each statement goes with the others of the construct: Spearman's rho, with the interval of Bonett and Wright.
drivers <- function(w, by) {
  for (u in units(w, by)) {
    if (!told(w, u$rows, colnames(w$scores))) next
    at <- list(wave = w$wave, by = by, group = u$group, kind = "driver")
    for (item in colnames(w$scores)) {
      x <- w$scores[u$rows, item]
      y <- w$half(w$scores[u$rows, colnames(w$scores) != item, drop = FALSE])
      n <- sum(!is.na(x) & !is.na(y))
      if (n < 30) next
      rho <- suppressWarnings(cor.test(x, y, method = "spearman", exact = FALSE))$estimate
      if (is.na(rho)) next
      ends <- if (abs(rho) < 1) tanh(atanh(rho) + c(-1, 1) * qnorm(.975) * sqrt((1 + rho^2 / 2) / (n - 3))) else c(NA, NA)
      emit(at, paste0(w$survey$construct, ".", item),
           c(n = n, correlation = unname(rho), correlation_low = unname(ends[1]), correlation_high = unname(ends[2])))
    }
  }
}

# Cronbach's alpha from the covariances of those who answered every statement.
reliable <- function(w) {
  if (!told(w, rep(TRUE, nrow(w$scores)), colnames(w$scores))) return()
  v <- w$scores[complete.cases(w$scores), , drop = FALSE]
  if (nrow(v) < 30) return()
  k <- ncol(v); v <- list(n = nrow(v), cov = cov(v))
  emit(list(wave = w$wave, by = "organisation", group = "", kind = "construct"), w$survey$construct,
       c(reliability = k / (k - 1) * (1 - sum(diag(v$cov)) / sum(v$cov)), reliability_n = v$n))
}

# Two texts tried on halves of departments. The responses do not say who read which, so this is from the n, mean and sd of each
# half: any numbers that have these give the same test.
as_told <- function(row) row$mean + row$sd * as.vector(scale(seq_len(row$n)))

trials <- function(wave) {
  told <- results[results$wave_id == wave & results$kind == "trial" & results$shown, ]
  tests <- list()
  for (department in unique(told$group)) {
    halves <- lapply(c("openness.a", "openness.b"), function(m) told[told$group == department & told$measure == m, ])
    at <- list(wave = wave, by = "department", group = department, kind = "trial")
    scores <- lapply(halves, as_told)
    for (i in 1:2) {
      ends <- clamp(interval(scores[[i]], NA), 0, 100)
      emit(at, halves[[i]]$measure, c(low = ends[1], high = ends[2]))
    }
    n <- lengths(scores)
    spread <- sqrt(sum((n - 1) * sapply(scores, var)) / (sum(n) - 2))
    emit(at, "openness.b", c(smallest_change = max(5, qt(.975, sum(n) - 2) * spread * sqrt(sum(1 / n)))))
    tests <- c(tests, list(list(at = at, test = welch(scores[[2]], scores[[1]]))))
  }
  together(tests, "department", "openness.b")
}

for (survey in unique(results$survey_id)) {
  before <- NULL
  for (wave in sort(unique(results$wave_id[results$survey_id == survey]))) {
    if (!file.exists(file.path(folder, sprintf("responses-wave-%d.csv", wave)))) next # still open
    w <- read(wave)
    for (by in c("organisation", "department", if (whole) "band")) { # of others bands are hardly ever in the file
      present(w, by)
      ofGroups(w, before, by)
      if (by != "band") drivers(w, by)
    }
    reliable(w)
    trials(wave)
    before <- w
  }
}

# ---- departments visited between two waves

# A department in a wave: n, mean and variance from what its people answered, or from the table where that is not told.
stood <- function(row, w, when) {
  own <- part(w, w$responses$department == row$department, row$measure)
  if (is.null(own)) return(list(from = "table", n = row[[paste0("n_", when)]], mean = row[[paste0("mean_", when)]], var = row[[paste0("sd_", when)]]^2))
  list(from = "responses", n = length(own$score), mean = mean(own$score), var = var(own$score))
}

# The difference in differences: t.test over the moves of departments, and the same from the chance of who answered; of both
# the wider interval.
effect <- function(rows) {
  waves <- list(before = read(rows$before[1]), after = read(rows$after[1]))
  at <- lapply(seq_len(nrow(rows)), function(i) lapply(c(before = "before", after = "after"), function(when) stood(rows[i, ], waves[[when]], when)))
  moves <- sapply(at, function(d) d$after$mean - d$before$mean)
  visited <- rows$visited
  across <- t.test(moves[visited], moves[!visited])
  weight <- ifelse(visited, 1 / sum(visited), 1 / sum(!visited))
  e <- unlist(lapply(seq_along(at), function(i) sapply(at[[i]], function(g) weight[i]^2 * g$var / g$n)))
  n <- unlist(lapply(at, function(d) sapply(d, function(g) g$n)))
  df <- sum(e)^2 / sum(e^2 / (n - 1))
  difference <- mean(moves[visited]) - mean(moves[!visited])
  half <- c(departments = diff(across$conf.int) / 2, answers = qt(.975, df) * sqrt(sum(e)))
  p <- c(departments = across$p.value, answers = 2 * pt(-abs(difference) / sqrt(sum(e)), df))
  basis <- names(which.max(half))
  list(change = difference, change_low = difference - half[[basis]], change_high = difference + half[[basis]], p = p[[basis]],
       df = if (basis == "answers") df else across$parameter[[1]], smallest_change = max(5, half[[basis]]),
       verdict = verdict(difference, p[[basis]]), basis = basis,
       from_responses = sum(sapply(at, function(d) d$before$from == "responses" && d$after$from == "responses")))
}

for (file in list.files(folder, "^visits-survey-.*csv$", full.names = TRUE)) {
  rows <- read.csv(file)
  rows <- rows[rows$kind == "department", ]
  if (sum(rows$visited) < 2 || sum(!rows$visited) < 2) next
  write.csv(effect(rows), file.path(folder, sub("^visits", "effects", basename(file))), row.names = FALSE)
}

lines <- lengths(lapply(figures, `[[`, "columns"))
of <- do.call(rbind, lapply(figures, `[[`, "of"))
out <- data.frame(of[rep(seq_along(lines), lines), ], unlist(lapply(figures, `[[`, "columns")), unlist(lapply(figures, `[[`, "values")))
names(out) <- c("wave_id", "by", "group", "kind", "measure", "column", "value")
write.csv(out, file.path(folder, "figures.csv"), row.names = FALSE)
