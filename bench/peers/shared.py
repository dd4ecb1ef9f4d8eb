"""What the peers search on and how a trial is scored: bullpen's data, folds, space `quick` and booster parameters."""

import json
import time
from pathlib import Path

import numpy as np
import xgboost as xgb
from sklearn.metrics import roc_auc_score


def load(folder):
    """Matrix (float32, rows x columns), labels 0..2 and folds as (training rows, test rows)."""
    task = json.loads((Path(folder) / "task.json").read_text())
    matrix = np.fromfile(Path(folder) / "matrix.f32", dtype=np.float32).reshape(task["rows"], task["columns"])
    rows = lambda ranges: np.concatenate([np.arange(r["start"], r["end"]) for r in ranges])
    folds = [(rows(fold["trainRows"]), rows(fold["testRows"])) for fold in task["folds"]]
    return matrix, np.array(task["labels"]), folds


def score(data, point):
    """Mean weighted one-vs-rest AUC over the folds, and the seconds spent inside XGBoost. One thread."""
    matrix, labels, folds = data
    scores, kernel = [], 0.0
    for train, test in folds:
        started = time.perf_counter()
        booster = xgb.train(
            {
                "objective": "multi:softprob",
                "num_class": 3,
                "tree_method": "hist",
                "max_bin": 64,
                "nthread": 1,
                "seed": 1,
                "eta": point["learningRate"],
                "lambda": point["lambda"],
                "max_depth": point["maxDepth"],
            },
            xgb.DMatrix(matrix[train], labels[train], nthread=1),
            num_boost_round=point["rounds"],
        )
        kernel += time.perf_counter() - started
        probabilities = booster.predict(xgb.DMatrix(matrix[test], nthread=1))
        scores.append(roc_auc_score(labels[test], probabilities, multi_class="ovr", average="weighted"))
    return float(np.mean(scores)), kernel


def suggest(trial):
    """A point of the space `quick`, asked of an Optuna trial."""
    return {
        "rounds": trial.suggest_int("rounds", 20, 120, step=20),
        "learningRate": trial.suggest_float("learningRate", 0.03, 0.3, log=True),
        "lambda": trial.suggest_float("lambda", 0.1, 100, log=True),
        "maxDepth": trial.suggest_int("maxDepth", 3, 6),
    }


def write(folder, file, **result):
    result["version"] = f"{result['version']}, xgboost {xgb.__version__}"
    (Path(folder) / file).write_text(json.dumps(result))
