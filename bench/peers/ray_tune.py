"""Ray Tune with Optuna's TPE: python ray_tune.py FOLDER TRIALS WORKERS"""

import os
import sys
import tempfile
import time

os.environ.update(RAY_AIR_NEW_OUTPUT="0", RAY_USAGE_STATS_ENABLED="0", RAY_DEDUP_LOGS="0")
sys.path.insert(0, os.path.dirname(__file__))

import optuna
import ray
from ray import train, tune
from ray.tune.search import ConcurrencyLimiter
from ray.tune.search.optuna import OptunaSearch
from shared import load, score, suggest, write

folder, trials, workers = os.path.abspath(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
optuna.logging.set_verbosity(optuna.logging.WARNING)
here = os.path.dirname(os.path.abspath(__file__))
ray.init(
    num_cpus=workers,
    include_dashboard=False,
    log_to_driver=False,
    logging_level="ERROR",
    runtime_env={"env_vars": {"PYTHONPATH": here, "OMP_NUM_THREADS": "1"}},
)
data = ray.put(load(folder))


def one_trial(point):
    value, seconds = score(ray.get(data), point)
    train.report({"auc": value, "kernel": seconds})


def points(trial):
    suggest(trial)  # the parameters asked for become the trial's config


search = OptunaSearch(points, metric="auc", mode="max", sampler=optuna.samplers.TPESampler(seed=1))
with tempfile.TemporaryDirectory() as storage:
    tuner = tune.Tuner(
        tune.with_resources(one_trial, {"cpu": 1}),
        tune_config=tune.TuneConfig(num_samples=trials, search_alg=ConcurrencyLimiter(search, max_concurrent=workers)),
        run_config=train.RunConfig(storage_path=storage, verbose=0),
    )
    started = time.perf_counter()
    results = tuner.fit()
    seconds = time.perf_counter() - started
    best = results.get_best_result("auc", "max").metrics["auc"]
    kernel = sum(result.metrics["kernel"] for result in results)
ray.shutdown()
write(
    folder,
    "ray_tune.json",
    name="Ray Tune + Optuna, TPE",
    version=f"ray {ray.__version__}, optuna {optuna.__version__}",
    seconds=seconds,
    trials=trials,
    best=best,
    kernelSeconds=kernel,
)
