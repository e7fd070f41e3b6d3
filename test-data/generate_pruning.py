"""Trials that Optuna's MedianPruner stops if the trials of a round run in parallel. Run this file by itself: pip install optuna==5.0.0"""

import json
import pathlib

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)

STEPS = 12
ROUND = 6
ROUNDS = 4


def lots(seed):
    """Returns numbers in [0, 1), the same as planted.ts."""
    state = seed
    while True:
        state = (state * 1_664_525 + 1_013_904_223) % 2**32
        yield state / 2**32


def curve(lot):
    """Returns a curve of whole numbers that rises, sometimes falls, and often equals others, so that ties are common."""
    value, values = 0, []
    slope = next(lot)
    for _ in range(STEPS):
        value = max(0, value + (1 if next(lot) < slope else -1 if next(lot) < 0.3 else 0))
        values.append(value)
    return values


def prune(seed, first):
    """Returns the step at which each trial is stopped, or null. A round is reported when all its trials have ended."""
    lot = lots(seed)
    pruner = optuna.pruners.MedianPruner(n_startup_trials=5, n_warmup_steps=first, interval_steps=first)
    study = optuna.create_study(direction="maximize", pruner=pruner, storage=None)
    curves, stops = [], []
    for _ in range(ROUNDS):
        ended = []
        for trial in [study.ask() for _ in range(ROUND)]:
            curves.append(values := curve(lot))
            stop = None
            for step, value in enumerate(values, 1):
                trial.report(value, step)
                if step % first == 0 and step < STEPS and trial.should_prune():
                    stop = step
                    break
            ended.append((trial, None if stop else values[-1], stop))
        for trial, value, stop in ended:
            stops.append(stop)
            if stop:
                study.tell(trial, state=optuna.trial.TrialState.PRUNED)
            else:
                study.tell(trial, value)
    return {"first": first, "curves": curves, "stops": stops}


if __name__ == "__main__":
    cases = [prune(seed, first) for first in (1, 2, 3, 5) for seed in (1, 2, 3)]
    document = {"optuna": optuna.__version__, "roundSize": ROUND, "steps": STEPS, "cases": cases}
    path = pathlib.Path(__file__).parent / "golden" / "median-pruner.json"
    path.write_text(json.dumps(document, separators=(",", ":")).replace('},{"first"', '},\n{"first"') + "\n")
