"""Plain Optuna (TPE, ask and tell) over joblib's processes: python optuna_joblib.py FOLDER TRIALS WORKERS"""

import sys
import time

import joblib
import optuna
from joblib import Parallel, delayed
from shared import load, score, suggest, write

folder, trials, workers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
data = load(folder)
optuna.logging.set_verbosity(optuna.logging.WARNING)
study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=1, constant_liar=True))
kernel = 0.0
with Parallel(n_jobs=workers) as pool:
    pool(delayed(abs)(n) for n in range(workers))  # starting processes is not searching
    started = time.perf_counter()
    for first in range(0, trials, workers):
        asked = [study.ask() for _ in range(min(workers, trials - first))]
        results = pool(delayed(score)(data, point) for point in [suggest(trial) for trial in asked])
        for trial, (value, seconds) in zip(asked, results):
            study.tell(trial, value)
            kernel += seconds
    seconds = time.perf_counter() - started
write(
    folder,
    "optuna_joblib.json",
    name="Optuna + joblib, TPE",
    version=f"optuna {optuna.__version__}, joblib {joblib.__version__}",
    seconds=seconds,
    trials=trials,
    best=study.best_value,
    kernelSeconds=kernel,
)
