"""What the scripts of this folder share: the measuring of `end-to-end`, and where media and programs are."""

import importlib.machinery
import importlib.util
import math
import os
import statistics
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
RELEASE = ROOT / ".build/release"
BENCHMARKS = HERE / ".build/release"


def script(name):
    """A script of this folder as a module."""
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), str(HERE / name))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    module = importlib.util.module_from_spec(spec)
    # No compiled copy of a script beside it.
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


def need(program, product):
    """Ends where a program of the package in Benchmarks was not built."""
    if not os.access(program, os.X_OK):
        sys.exit(f"no program at {program}: swift build -c release --package-path Benchmarks "
                 f"--product {product}")
    return program


def slope(points):
    """Slope of the line through the logarithms of points: the power by which the second grows."""
    logs = [(math.log(x), math.log(y)) for x, y in points if x > 0 and y > 0]
    if len(logs) < 2:
        return None
    mx, my = (statistics.fmean(one[axis] for one in logs) for axis in (0, 1))
    spread = sum((x - mx) ** 2 for x, _ in logs)
    return round(sum((x - mx) * (y - my) for x, y in logs) / spread, 2) if spread else None
