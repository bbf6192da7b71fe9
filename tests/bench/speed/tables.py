"""Rows of ratios, as text; and the slope that says how time grows."""
import collections
import math

# A row compares one figure of tlspeel with one other. `ratio` and `limit` are numbers, smaller is better; without a limit (None) the row
# only tells. The other fields are text, figures with their unit.
Row = collections.namedtuple("Row", "work ours memory against theirs ratio limit")
HEADINGS = ("work", "tlspeel", "memory", "against", "there", "ratio", "goal", "met")


def timed_row(work, ours, against, theirs, limit=None):
    """ours, theirs: Measured."""
    return Row(work, seconds(ours.seconds), megabytes(ours.memory), against, seconds(theirs.seconds), ours.seconds / theirs.seconds, limit)


def seconds(value):
    return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value:.3f} s" if value < 10 else f"{value:.1f} s"


def megabytes(kilobytes):
    return f"{kilobytes / 1024:.1f} MB" if kilobytes else ""


def met(row):
    return None if row.limit is None else row.ratio <= row.limit


def number(value, limit=None):
    """As many digits as a comparison with a goal needs; small ratios as the fraction that they are, unless the goal is none."""
    if not 0 < value < 0.2 or (limit or 0) >= 0.2:
        return f"{value:.2f}"
    return f"1/{1 / value:.1f}" if value > 0.05 else f"1/{1 / value:.0f}"


def cells(row, previous):
    goal = "" if row.limit is None else f"<= {number(row.limit)}"
    same = previous is not None and row[:3] == previous[:3]
    return (*(("", "", "") if same else row[:3]), row.against, row.theirs, number(row.ratio, row.limit), goal,
            {None: "", True: "yes", False: "NO"}[met(row)])


def text(title, rows):
    """What is the same as in the line above is left out."""
    lines = [HEADINGS] + [cells(row, before) for row, before in zip(rows, [None, *rows])]
    widths = [max(map(len, column)) for column in zip(*lines)]
    left = (0, 3)  # the columns with words
    drawn = ["  ".join(word.ljust(width) if column in left else word.rjust(width)
                       for column, (word, width) in enumerate(zip(line, widths))).rstrip() for line in lines]
    return "\n".join([title, *("  " + line for line in drawn)]) + "\n"


def summary(rows):
    judged = [row for row in rows if row.limit is not None]
    missed = [f"  {row.work}, against {row.against}: {number(row.ratio, row.limit)}, goal <= {number(row.limit)}" for row in judged if not met(row)]
    return "\n".join([f"{len(judged)} goals: {len(judged) - len(missed)} met, {len(missed)} not met", *missed])


def steepest(points):
    """The exponent by which time grows with size, from [(size, time)]: the larger of that of the line of least squares through the
    logarithms of all, and that of the last step, where the start of the program weighs least."""
    logarithms = [(math.log(size), math.log(time)) for size, time in points]
    return max(slope(logarithms), slope(logarithms[-2:]))


def slope(points):
    middle_x, middle_y = (sum(axis) / len(points) for axis in zip(*points))
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / sum((x - middle_x) ** 2 for x, _ in points)
