"""The data file as a Markdown table."""


def markdown(data):
    """Return the table that the book shows, from what `python -m benchmarks` measured."""
    lines = [
        "| network | what | batch | beside | one thread (CPU time) | two threads (wall clock) |",
        "|---|---|---|---|---|---|",
    ]
    cells = {}
    for row in data["rows"]:
        key = row["structure"], row["what"], row["batch"], row["peer"]
        mark = "" if row["undisturbed"] else " (disturbed)"
        shown = f"{row['ratio']:.2f}" if row["ratio"] > 0.05 else f"1/{1 / row['ratio']:.0f}"
        cells.setdefault(key, {})[row["threads"]] = shown + mark
    for key, ratios in cells.items():
        lines.append(f"| {' | '.join(map(str, key))} | {ratios.get(1, '')} | {ratios.get(2, '')} |")
    memory, machine = data["memory"], data["machine"]
    lines += [
        "",
        f"Memory that a forward pass of {memory['batch']} images adds, paper's network: "
        f"ours {memory['ours']}\N{NO-BREAK SPACE}MB, PyTorch {memory['torch']}\N{NO-BREAK SPACE}MB.",
        "",
        f"Machine: {machine['processor']}, {machine['cores']} cores; Python {machine['python']}, NumPy "
        f"{machine['numpy']}, PyTorch {machine['torch']}, onnxruntime {machine['onnxruntime']}; "
        f"medians of {data['samples']}.",
    ]
    return "\n".join(lines) + "\n"
