"""The data file as a Markdown table."""


def key(row):
    """Return the case that a row is of: ``paper/forward/16/PyTorch``."""
    return f"{row['structure']}/{row['what']}/{row['batch']}/{row['peer']}"


def markdown(data):
    """Return the table that the book shows, from what `python -m benchmarks` measured."""
    lines = [
        "| network | what | batch | beside | one thread (CPU time) | two threads (wall clock) | workers |",
        "|---|---|---|---|---|---|---|",
    ]
    cells = {}
    for row in data["rows"]:
        mark = "" if row["undisturbed"] else " (disturbed)"
        shown = f"{row['ratio']:.2f}" if row["ratio"] > 0.05 else f"1/{1 / row['ratio']:.0f}"
        case = cells.setdefault(key(row), {"workers": 1})
        case[row["threads"]] = shown + mark
        case["workers"] = max(case["workers"], row["workers"])
    for case, ratios in cells.items():
        shown = case.split("/"), ratios.get(1, ""), ratios.get(2, ""), ratios["workers"]
        lines.append(f"| {' | '.join([*shown[0], *map(str, shown[1:])])} |")
    memory, machine = data["memory"], data["machine"]
    ours = ", ".join(
        f"{megabytes}\N{NO-BREAK SPACE}MB with {number} worker{'s' * (number != '1')}"
        for number, megabytes in memory["ours"].items()
    )
    samples = sorted({row["samples"] for row in data["rows"] if row["peer"] != "the loops"})
    lines += [
        "",
        f"Memory that a forward pass of {memory['batch']} images adds, paper's network: "
        f"ours {ours}; PyTorch {memory['torch']}\N{NO-BREAK SPACE}MB.",
        "",
        f"Machine: {machine['processor']}, {machine['cores']} cores; Python {machine['python']}, NumPy "
        f"{machine['numpy']}, PyTorch {machine['torch']}, onnxruntime {machine['onnxruntime']}; "
        f"medians of {' to '.join(map(str, samples[:1] + samples[1:][-1:]))}.",
    ]
    return "\n".join(lines) + "\n"
