"""Medians, ratios and how far they spread."""

import math
from statistics import median


def geometric_mean(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values))


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def summary(values):
    """Median, lowest and highest."""
    return {"median": median(values), "low": min(values), "high": max(values), "n": len(values)}


def ratios(ours, theirs):
    """Of two series of rounds: each round's ratio, since what disturbed one side of a round disturbed the other."""
    return [mine / other for mine, other in zip(ours, theirs)]


def mean_ratio(series):
    """The geometric mean over workloads of the rounds' median ratio; spread: the same of each single round."""
    rounds = min(map(len, series))
    by_round = [geometric_mean(values[i] for values in series) for i in range(rounds)]
    return {"median": geometric_mean(map(median, series)), "low": min(by_round), "high": max(by_round), "n": rounds}
