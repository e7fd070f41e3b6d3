"""Densities of Optuna's TPESampler with its default arguments, at given points. Run this file by itself: pip install optuna==5.0.0"""

import functools
import json
import pathlib
import warnings

import numpy as np
import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe.sampler import _split_trials, default_gamma
from optuna.trial import TrialState, create_trial

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")
# The sort of Optuna is not stable: the widths of two equal observations depend on the machine.
np.argsort = functools.partial(np.argsort, kind="stable")

HILL = {"lr": FloatDistribution(-6, -2), "weightDecay": FloatDistribution(-8, -4)}
FORK = {
    "optimizer": CategoricalDistribution(("sgd", "momentum", "adam")),
    "lr": FloatDistribution(-6, -1),
    "momentum": FloatDistribution(0, 1),
    "width": IntDistribution(8, 256, log=True),
}


def applies(name, params):
    return name != "momentum" or params["optimizer"] == "momentum"


def draw(rng, space, step):
    """Returns a point whose numbers are multiples of 1/step, so that some occur twice."""
    params = {}
    for name, distribution in space.items():
        if not applies(name, params):
            continue
        if isinstance(distribution, CategoricalDistribution):
            params[name] = distribution.choices[rng.integers(3)]
        elif isinstance(distribution, IntDistribution):
            params[name] = int(rng.integers(distribution.low, distribution.high + 1))
        else:
            params[name] = float(np.round(rng.uniform(distribution.low, distribution.high) * step) / step)
    return params


def coordinates(space, params):
    choices = {name: d.choices for name, d in space.items() if isinstance(d, CategoricalDistribution)}
    return {name: choices[name].index(value) if name in choices else value for name, value in params.items()}


def case(space, seed, finished, pruned, running, step=64):
    rng = np.random.default_rng(seed)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=0))
    told = [TrialState.COMPLETE] * finished + [TrialState.PRUNED] * pruned
    states = [told[i] for i in rng.permutation(len(told))] + [TrialState.RUNNING] * running
    trials = []
    for state in states:
        params = draw(rng, space, step)
        # Multiples of 1/100, like an accuracy on 100 images, so that ties are common.
        value, at = int(rng.integers(100)) / 100, int(rng.integers(1, 4))
        result = {
            TrialState.COMPLETE: {"value": value},
            TrialState.PRUNED: {"intermediate_values": {at: value}},
            TrialState.RUNNING: {},
        }[state]
        study.add_trial(create_trial(state=state, params=params, distributions={n: space[n] for n in params}, **result))
        trials.append({"point": coordinates(space, params), "state": state.name.lower(), "value": value, "step": at})
    all_trials = study.get_trials()
    count = sum(trial.state != TrialState.RUNNING for trial in all_trials)
    below, above = _split_trials(study, all_trials, default_gamma(count))
    always = {n: d for n, d in space.items() if n != "momentum"}
    groups = []
    for group in [always, *([{"momentum": space["momentum"]}] if "momentum" in space else [])]:
        points = []
        while len(points) < 8:
            params = draw(rng, space, step)
            if all(name in params for name in group):
                points.append({name: params[name] for name in group})
        at = {n: np.array([d.to_internal_repr(point[n]) for point in points]) for n, d in group.items()}
        logs = [
            study.sampler._build_parzen_estimator(study, group, some, handle_below=some is below).log_pdf(at).tolist()
            for some in (below, above)
        ]
        groups.append({"at": [coordinates(space, p) for p in points], "good": logs[0], "others": logs[1]})
    return {"space": "hill" if space is HILL else "fork", "trials": trials, "good": [t.number for t in below], "groups": groups}


if __name__ == "__main__":
    cases = [
        case(HILL, 1, 10, 0, 0),
        case(HILL, 2, 10, 0, 9),
        case(HILL, 3, 60, 0, 19, step=4),
        case(HILL, 4, 2, 30, 4),
        case(FORK, 5, 20, 0, 5),
        case(FORK, 6, 70, 30, 10),
        case(FORK, 7, 280, 0, 10),
    ]
    document = {"optuna": optuna.__version__, "cases": cases}
    path = pathlib.Path(__file__).parent / "golden" / "tpe.json"
    path.write_text(json.dumps(document, separators=(",", ":")).replace('},{"space"', '},\n{"space"') + "\n")
