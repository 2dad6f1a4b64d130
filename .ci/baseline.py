#!/usr/bin/python3
"""A plain baseline beside our own classifier: TF-IDF of words and letter groups with logistic regression (python3-sklearn).

It learns from the letters of classify/examples, as our model does, and is tried on cases it has not learnt from: testdata/held, which rules
of ours were written with an eye on, and testdata/held2, which is held back.
Run by `make quality`; prints the same figures every time.
"""
import glob

import yaml
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union


def load(*patterns):
    texts, labels = [], []
    for pattern in patterns:
        for path in sorted(glob.glob(pattern)):
            with open(path, encoding="utf-8") as f:
                for case in yaml.safe_load(f):
                    label = "pismo_ogolne" if case.get("unsure") else case.get("procedure") or case.get("want")
                    if label and label != "none":
                        texts.append(f"{case.get('subject', '')} {case.get('subject', '')} {case.get('text', '')}")
                        labels.append([label] + case.get("also_acceptable", []))
    return texts, labels


train, train_labels = load("classify/examples/*.yaml", "classify/examples/letters/*.yaml")
model = make_pipeline(
    make_union(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)),
    LogisticRegression(C=30, max_iter=1000))
model.fit(train, [label[0] for label in train_labels])

for directory in ("testdata/held", "testdata/held2"):
    held, held_labels = load(f"{directory}/*.yaml")
    guesses = []
    for probabilities, label in zip(model.predict_proba(held), held_labels):
        if label[0] == "pismo_ogolne":
            continue  # for a person, as in our own figures
        best = probabilities.argmax()
        guesses.append((probabilities[best], model.classes_[best] in label))
    guesses.sort(reverse=True)
    right = sum(ok for _, ok in guesses)
    print(f"sklearn TF-IDF + logistic regression on {directory}: {len(train)} examples; top-1 {right} of {len(guesses)} ({100 * right / len(guesses):.1f} %)")
    for share in (0.5, 0.7, 0.9):
        n = round(share * len(guesses))
        print(f"  its surest {n} of {len(guesses)} ({100 * share:.0f} %): right {100 * sum(ok for _, ok in guesses[:n]) / n:.1f} %")
