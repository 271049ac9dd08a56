#!/usr/bin/env python3
"""Train fingerprint algorithm 1: the projection and the background set, from films.

  train-projection.py --out Sources/CFingerprintTables FILM...

Reads films (never leaks), degrades frames and frame pairs as a camcorder would, and solves the
generalised eigenproblem "scatter between frames over scatter within the variants of a frame"
(linear discriminant analysis: Fisher 1936, Rao 1948) on locally contrast-normalised 16x9 pictures.
Writes tables_v1.c: the 64 x 144 projection as Int16, and the background set, sequences of hashes
of the same films, against which scores are normalised. Needs numpy, scipy, opencv-python and ffmpeg.

The tables are frozen: a run that changes them makes a new algorithm number, never a new table 1.
"""
import argparse
import subprocess

import cv2
import numpy as np
from scipy.linalg import eigh

WIDTH, HEIGHT = 320, 180  # working size of a frame
THUMB = (32, 18)
SIGMA, EPSILON = 5.0, 0.02
COMPONENTS, RIDGE, VARIANTS = 64, 0.05, 8
SAMPLE_STEP, HALF_SPAN = 0.25, 0.5  # seconds
UNIT, SCALE = 8192, 64  # Int16 scale of the unit vector, and of the projection rows
LEVELS = np.array([-1.15, -0.4, 0.4, 1.15]) / np.sqrt(COMPONENTS)


def frames(path):
    """Grey frames [n, 180, 320] and their times in seconds from the stream's start."""
    times = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
         "frame=best_effort_timestamp_time", "-of", "csv=p=0", path],
        capture_output=True, text=True, check=True).stdout.split()
    times = np.array([float(t.split(",")[0]) for t in times if t[0].isdigit()])
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-map", "0:v:0", "-vf",
         f"scale={WIDTH}:{HEIGHT}:flags=area,format=gray", "-fps_mode", "passthrough",
         "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
    pictures = np.frombuffer(raw, np.uint8).reshape(-1, HEIGHT, WIDTH)
    n = min(len(pictures), len(times))
    return pictures[:n], times[:n] - times[0]


def gaussian(sigma):
    radius = int(np.ceil(2 * sigma))
    x = np.arange(-radius, radius + 1)
    k = np.exp(-x * x / (2 * sigma * sigma))
    return (k / k.sum()).astype(np.float32)


KERNEL = gaussian(SIGMA)


def blur(y):
    return cv2.sepFilter2D(y, -1, KERNEL, KERNEL, borderType=cv2.BORDER_REFLECT_101)


def describe(picture):
    """Unit vector of 144: local contrast normalisation of the 32x18 thumbnail, halved to 16x9."""
    thumb = cv2.resize(picture, THUMB, interpolation=cv2.INTER_AREA)
    y = np.sqrt(thumb.astype(np.float32) / 255)
    z = y - blur(y)
    z = z / (np.sqrt(np.maximum(0, blur(z * z))) + EPSILON)
    v = cv2.resize(z, (16, 9), interpolation=cv2.INTER_AREA).ravel()
    return v / max(np.linalg.norm(v), 1e-6)


def degrade(pictures, rng):
    """What a camcorder does to some pictures of one moment: one geometry and one tone for all."""
    sx = rng.uniform(0.7, 1.15)
    sy = sx * rng.uniform(0.95, 1.05)
    shift = rng.uniform(-0.05, 0.05, 2)
    a = np.deg2rad(rng.uniform(-4, 4))
    corners = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]) * [sx, sy]
    turn = np.array([[np.cos(a), -np.sin(a) * 9 / 16], [np.sin(a) * 16 / 9, np.cos(a)]])
    quad = corners @ turn.T + 0.5 + shift + rng.uniform(-0.06, 0.06, (4, 2))
    frame = np.float32([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]])
    warp = cv2.getPerspectiveTransform(frame, np.float32(quad * [WIDTH, HEIGHT]))
    gamma, gain, black = rng.uniform(0.6, 1.8), rng.uniform(0.4, 1.1), rng.uniform(0, 12)
    yy, xx = np.mgrid[0:HEIGHT, 0:WIDTH]
    fall = 1 - rng.uniform(0, 0.5) * (((xx / WIDTH - 0.5) ** 2 + (yy / HEIGHT - 0.5) ** 2) * 2)
    sigma, noise = rng.uniform(0, 3), rng.uniform(0, 10)
    strip = rng.random() < 0.5
    top, rows, value = rng.integers(0, 160), rng.integers(8, 24), rng.integers(0, 255)
    out = []
    for p in pictures:
        f = cv2.warpPerspective(p, warp, (WIDTH, HEIGHT)).astype(np.float32)
        if sigma > 0.3:
            f = cv2.GaussianBlur(f, (0, 0), sigma)
        f = 255 * np.power(f / 255, gamma) * gain * fall + black + rng.normal(0, noise, f.shape)
        if strip:
            f[top:top + rows] = value
        out.append(np.clip(f, 0, 255).astype(np.uint8))
    return out


def training_groups(films, rng):
    """Groups of variants of one frame, and of one difference of two frames a second apart."""
    still, moving = [], []
    for f, t in films:
        for s in np.linspace(0.6, t[-1] - 0.6, min(60, max(6, int(t[-1] * 1.5)))):
            i = np.searchsorted(t, s - HALF_SPAN)
            j = min(len(t) - 1, np.searchsorted(t, s + HALF_SPAN))
            still.append(np.array([describe(f[i])] + [describe(degrade([f[i]], rng)[0]) for _ in range(VARIANTS)]))
            pairs = [[f[i], f[j]]] + [degrade([f[i], f[j]], rng) for _ in range(VARIANTS)]
            d = [describe(b) - describe(a) for a, b in pairs]
            if np.linalg.norm(d[0]) > 0.15:
                moving.append(np.array([x / max(np.linalg.norm(x), 0.15) for x in d]))
    return still + moving


def projection(groups):
    within = sum((g - g.mean(0)).T @ (g - g.mean(0)) for g in groups) / sum(map(len, groups))
    within += RIDGE * np.trace(within) / len(within) * np.eye(len(within))
    between = sum(np.outer(g[0], g[0]) for g in groups) / len(groups)
    values, vectors = eigh(between, within)
    order = np.argsort(-values)[:COMPONENTS]
    rows = vectors[:, order].T
    return np.clip(np.round(rows * SCALE), -32767, 32767).astype(np.int16)


def differences(film, table):
    """Difference vectors d(t) on the 0.25 s grid, in the units of the integer projection."""
    f, t = film
    grid = np.arange(0, int(t[-1] / SAMPLE_STEP) + 1) * SAMPLE_STEP
    need = {}

    def vector(i):
        if i not in need:
            v = np.round(describe(f[i]) * UNIT).astype(np.int64)
            need[i] = (table.astype(np.int64) @ v).astype(np.float64)
        return need[i]

    def at(g):
        j = int(np.clip(np.searchsorted(t, g), 1, len(t) - 1))
        w = np.clip((g - t[j - 1]) / max(1e-6, t[j] - t[j - 1]), 0, 1)
        return vector(j - 1) * (1 - w) + vector(j) * w

    s = np.array([at(g) for g in grid])
    reach = int(HALF_SPAN / SAMPLE_STEP)
    return s[2 * reach:] - s[:-2 * reach] if len(s) > 2 * reach else s[:0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("films", nargs="+", metavar="FILM")
    arguments = parser.parse_args()
    films = [frames(path) for path in sorted(arguments.films)]
    table = projection(training_groups(films, np.random.default_rng(7)))
    moves = [differences(film, table) for film in films]
    norms = np.concatenate([np.linalg.norm(d, axis=1) for d in moves])
    floor = float(np.round(np.percentile(norms, 25)))
    hashes = []
    for d in moves:
        n = np.linalg.norm(d, axis=1)
        x = d / np.maximum(n, floor)[:, None]
        bits = x[:, None, :] > LEVELS[None, :, None]
        keep = np.where(n > floor)[0][:160]
        words = (bits.astype(np.uint64) << np.arange(64, dtype=np.uint64)).sum(2, dtype=np.uint64)
        hashes.append(words[keep])
    background = np.concatenate(hashes)
    with open(f"{arguments.out}/tables_v1.c", "w") as out:
        out.write("// Written by scripts/train-projection.py; frozen as fingerprint algorithm 1.\n")
        out.write('#include "CFingerprintTables.h"\n\n')
        out.write(f"const float cft_motion_floor_v1 = {floor:.1f}f;\n\n")
        out.write("static const int16_t projection[64 * 144] = {\n")
        for row in table:
            out.write("    " + ", ".join(map(str, row)) + ",\n")
        out.write("};\n\n")
        out.write(f"const int32_t cft_background_count_v1 = {len(background)};\n\n")
        out.write(f"static const uint64_t background[{len(background)} * 4] = {{\n")
        for words in background:
            out.write("    " + ", ".join(f"0x{w:016x}u" for w in words) + ",\n")
        out.write("};\n\n")
        out.write("const int16_t *cft_projection_v1(void) { return projection; }\n\n")
        out.write("const uint64_t *cft_background_v1(void) { return background; }\n")
    print(f"{len(films)} films, motion floor {floor}, {len(background)} background hashes, "
          f"largest weight {np.abs(table).max()}")


if __name__ == "__main__":
    main()
