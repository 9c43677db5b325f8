"""Compiled and interpreted, every sampler gives the same bits."""

import os
import subprocess
import sys

PROGRAM = """
import numba
import numpy as np
from sim.random.beta import beta
from sim.random.binomial import binomial
from sim.random.exponential import exponential
from sim.random.gamma import gamma
from sim.random.lognormal import lognormal
from sim.random.negative_binomial import negative_binomial
from sim.random.normal import normal
from sim.random.poisson import poisson
from sim.random.stream import subseed, uniform

print(numba.config.DISABLE_JIT)
for run in range(60):
    for cause in range(1, 4):
        u = uniform(np.int64(-3), np.int64(run), cause, 2, np.int64(7), 0)
        print(u.hex(), subseed(-3, run, cause, 2, 7, 1), float(normal(u)).hex(), float(exponential(u, 45.0)).hex())
        print(float(lognormal(u, 1.0, 0.35)).hex(), float(gamma(u, 18.0, 4.0)).hex(), float(beta(u, 2.0, 3.0)).hex())
        for mean in (0.3, 11.0, 53.4, 89.0, 2000.0, np.float64(1e5)):
            print(poisson(u, mean), negative_binomial(u, mean, 0.1 * mean), negative_binomial(u, mean, 0.5))
            print(binomial(u, int(mean * 4), 0.15), binomial(u, np.int64(mean * 4), 0.8))
"""


def output(disable_jit):
    """Run the program in a fresh process, warnings being errors, and return its lines."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": disable_jit}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_compiled_equals_interpreted_to_the_bit():
    """Two processes, one with the compiler off, print the same hexadecimal floats, without a warning."""
    compiled, interpreted = output("0"), output("1")
    assert (compiled[0], interpreted[0]) == ("0", "1")
    assert len(compiled) > 1000
    assert compiled[1:] == interpreted[1:]


def test_importing_the_package_loads_no_compiler():
    """``import sim.random`` and the checks of seeds leave Numba and SciPy alone."""
    program = (
        "import sys, sim.random; sim.random.check_seed(7); sim.random.signed_seed(7); "
        "print([name for name in ('numba', 'scipy', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names_are_found():
    """Every listed name can be had from the package, and no other."""
    import sim.random

    assert all(callable(getattr(sim.random, name)) for name in sim.random.__all__)
    assert set(sim.random.__all__) <= set(dir(sim.random))
    assert not hasattr(sim.random, "poison")
