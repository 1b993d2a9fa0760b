"""Train AlexNet in miniature by the paper's rule and store its weights and the record of the runs.

Run by hand: python tools/train_miniature.py [EPOCHS [SEEDS]]     (30 epochs and 3 seeds; minutes a seed)

The same recipe runs once a seed, so that the spread can be told from the result; the weights of seed 0 are
kept, whichever is best. The rate is divided by ten after two thirds and after 26 thirtieths of the epochs:
times chosen with other pictures of the training file, never with those that are held out. The same seed gives
slightly other numbers with another BLAS kernel; the record says what was printed here.
"""

import hashlib
import json
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy: the result depends on it

import numpy as np

from alexnet_course import weights
from alexnet_course.data.fashion import load_fashion
from alexnet_course.images import centre_crop
from alexnet_course.losses import cross_entropy
from alexnet_course.miniature import FILE, RECORD, Miniature, preprocess
from alexnet_course.optimizers import SGD
from alexnet_course.training import Record, batches, evaluate, progress

BATCH, SIDE = 16, 27
RATE, MOMENTUM, WEIGHT_DECAY = 0.01, 0.9, 0.0005


def pictures():
    """Return the pictures of 27 x 27 and labels: to train with, then held out."""
    fashion = load_fashion()
    pairs = (fashion.images, fashion.labels), (fashion.held_out_images, fashion.held_out_labels)
    return [
        (np.stack([centre_crop(image, SIDE) for image in preprocess(images)]), labels)
        for images, labels in pairs
    ]


def train(seed, epochs, examples, held_out):
    """Train one network; return it, and what happened epoch by epoch."""
    rng = np.random.default_rng(seed)
    network = Miniature(rng=rng)
    optimizer, record, rows = SGD(network, RATE, MOMENTUM, WEIGHT_DECAY), Record(network), []
    start = time.process_time()
    for epoch in progress(range(epochs), f"seed {seed}"):
        if epoch in (round(epochs * 2 / 3), round(epochs * 26 / 30)):
            optimizer.learning_rate /= 10
        network.training = True
        for images, labels in batches(*examples, BATCH, rng):
            loss, grad_logits = cross_entropy(network.forward(images), labels)
            record.add(loss)
            network.backward(grad_logits, input_gradient=False)
            optimizer.step()
        found, learned = evaluate(network, *held_out), evaluate(network, *examples)
        row = {
            "epoch": epoch + 1,
            "learning_rate": optimizer.learning_rate,
            "loss": float(np.mean(record.losses[-len(examples[1]) // BATCH :])),
            "training_accuracy": learned.accuracy,
            "held_out_loss": found.loss,
            "held_out_accuracy": found.accuracy,
        }
        rows.append({name: round(value, 6) for name, value in row.items()})
        print(seed, rows[-1], flush=True)
    seconds = time.process_time() - start
    return network, {"seed": seed, "first_loss": record.losses[0], "seconds": seconds, "epochs": rows}


def main(epochs=30, seeds=3):
    """Train, store and print."""
    examples, held_out = pictures()
    runs = []
    for seed in range(seeds):
        network, run = train(seed, epochs, examples, held_out)
        runs.append(run)
        if seed == 0:
            weights.save(network, FILE, dtype=np.float16)
    RECORD.write_text(json.dumps({"batch": BATCH, "runs": runs}, indent=1) + "\n")
    last = [run["epochs"][-1]["held_out_accuracy"] for run in runs]
    print(f"right of the held out: {np.mean(last):.4f}, deviation {np.std(last):.4f} over {seeds} seeds")
    print(
        f"{FILE.name}: {FILE.stat().st_size} bytes, SHA-256 {hashlib.sha256(FILE.read_bytes()).hexdigest()}"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
