"""What the accuracy benchmarks share: running programs, the library, scores against a truth.

A truth is a list of segments {leak_start, leak_end, ref_start, ref_end, film}: in these seconds of
the leak these seconds of the film are seen. Times are presentation times from the start of each
stream. A film is named by its file without the extension, which is its title in the library.
"""

import datetime
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

try:
    import numpy
except ImportError:
    sys.exit(f"{Path(sys.argv[0]).name}: numpy is missing: apt-get install python3-numpy")

ROOT = Path(__file__).resolve().parent.parent.parent


def fail(message):
    sys.exit(f"{Path(sys.argv[0]).name}: {message}")


def say(message):
    print(message, file=sys.stderr, flush=True)


def measure(command, environment=None, accept=(0,)):
    """Runs a command to its end: CPU seconds of it and its children, and its standard output."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=errors, env=environment)
        # wait4 and not getrusage(RUSAGE_CHILDREN): that sums and keeps all so far.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode not in accept:
            text = errors.read().decode(errors="replace").strip()
            fail(f"exit status {process.returncode} of {command}:\n{text[-2000:]}")
        return usage.ru_utime + usage.ru_stime, output.read()


def ffmpeg(*arguments):
    measure(["ffmpeg", "-v", "error", "-nostdin", "-y", *arguments])


def decode_floor(path):
    """CPU seconds in which one thread decodes every frame and throws it away."""
    return measure(["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-i", path, "-map",
                    "0:v:0", "-an", "-f", "null", "-"])[0]


def probe(path):
    """Size, length, frame rate, start of the container and times of all frames of a film."""
    _, text = measure(["ffprobe", "-v", "error", "-of", "json", "-select_streams", "v:0",
                       "-show_entries", "format=duration,start_time:packet=pts_time:"
                       "stream=width,height,avg_frame_rate,sample_aspect_ratio", path])
    answer = json.loads(text)
    if not answer.get("streams"):
        fail(f"no film in {path}")
    stream = answer["streams"][0]
    above, _, below = stream["avg_frame_rate"].partition("/")
    times = sorted(float(one["pts_time"]) for one in answer["packets"] if "pts_time" in one)
    origin = float(answer["format"].get("start_time") or 0)
    wide, _, high = stream.get("sample_aspect_ratio", "1:1").partition(":")
    pixel = int(wide) / int(high) if wide.isdigit() and high.isdigit() and int(high) else 1.0
    return {"name": Path(path).stem, "path": Path(path), "width": stream["width"],
            "height": stream["height"], "fps": float(above) / float(below or 1),
            "pixel_aspect": pixel or 1.0, "origin": origin,
            "times": [one - times[0] for one in times], "first": times[0],
            "duration": float(answer["format"]["duration"])}


def cut(film, start, duration):
    """Options of ffmpeg that read a film from its frame at or after `start` on, and the time of
    that frame. Reading a quarter of a frame before it leaves no doubt which frame comes first."""
    frame = next((one for one in film["times"] if one >= start - 1e-6), film["times"][-1])
    seek = film["first"] + frame - film["origin"] - 0.25 / film["fps"]
    return ["-ss", f"{max(0.0, seek):.6f}", "-t", f"{duration + 0.2 / film['fps']:.6f}",
            "-i", film["path"]], frame


class LeakTrace:
    """A library of its own below `work`, and matches against it. What is there already is kept:
    films, and answers of the same program about the same file and library, so that a run that was
    interrupted goes on."""

    def __init__(self, program, work, library="library"):
        self.program = Path(program).resolve()
        self.answers = work / "answers"
        self.answers.mkdir(exist_ok=True)
        self.digest = hashlib.sha256(self.program.read_bytes())
        self.library = work / library
        # A folder of its own, so that no library of the person who measures is in the way.
        self.environment = dict(os.environ, HOME=str(work), XDG_DATA_HOME=str(work), NO_COLOR="1")
        self.environment.pop("LEAKTRACE_LIBRARY", None)
        self.shared = ["--library", self.library, "--json", "--progress", "none", "--jobs", "1",
                       "--threads", "1"]

    def titles(self):
        if not self.library.exists():
            return set()
        _, text = measure([self.program, "reference", "list", "--library", self.library, "--json"],
                          self.environment)
        return {one["title"] for one in json.loads(text)["releases"]}

    def add(self, paths):
        known = self.titles()
        for path in paths:
            if Path(path).stem not in known:
                say(f"adding {Path(path).stem}")
                measure([self.program, "reference", "add", *self.shared, "--title",
                         Path(path).stem, path], self.environment)
        self.digest.update("\n".join(sorted(self.titles())).encode())

    def import_brands(self, catalogue):
        measure([self.program, "brand", "import", "--replace", "--library", self.library,
                 catalogue], self.environment)
        self.digest.update(catalogue.read_bytes())

    def match(self, path, *more):
        """CPU seconds of matching, CPU seconds of decoding alone, and the report."""
        return self.ask(path, "match", "--no-ads", more=more)

    def match_with_ads(self, path):
        return self.ask(path, "match", "--no-record")

    def ads(self, path):
        return self.ask(path, "ads", "--no-record")

    def ask(self, path, command, ways, more=()):
        key = self.digest.copy()
        key.update(Path(path).read_bytes())
        key.update(repr(more if ways == "--no-ads" else (command, ways)).encode())
        kept = self.answers / f"{key.hexdigest()[:32]}.json"
        if kept.exists():
            return json.loads(kept.read_text())
        cpu, text = measure([self.program, command, ways, *self.shared, *more, path],
                            self.environment, accept=(0, 1))
        answer = [round(cpu, 3), round(decode_floor(path), 3), json.loads(text)]
        part = kept.with_suffix(".part")
        part.write_text(json.dumps(answer))
        part.rename(kept)
        return answer


def segments_of(report, film=None):
    """The segments that a report states, of one film or of all that it names."""
    return [{"leak_start": one["leak_start"], "leak_end": one["leak_end"],
             "ref_start": one["reference_start"], "ref_end": one["reference_end"],
             "film": match["title"], "mirrored": match["mirrored"]}
            for match in report["matches"] if film in (None, match["title"])
            for one in match["segments"]]


def union_length(intervals):
    total, end = 0.0, -numpy.inf
    for start, stop in sorted(intervals):
        if stop > end:
            total += stop - max(start, end)
            end = stop
    return total


def alike(one, other):
    """Whether two segments show the same film, and the same way round where both say which."""
    ways = [way for way in (one.get("mirrored"), other.get("mirrored")) if way is not None]
    return one["film"] == other["film"] and len(set(ways)) < 2


def covered(some, others):
    """Share of the boxes in the plane of leak and film time that others cover: the product of the
    shares on both axes (Video Copy Segment Localization, He et al., CVPR 2022)."""
    length, inside = numpy.zeros(2), numpy.zeros(2)
    for one in some:
        length += (one["leak_end"] - one["leak_start"], one["ref_end"] - one["ref_start"])
        parts = []
        for other in others:
            if not alike(one, other):
                continue
            part = [max(one["leak_start"], other["leak_start"]),
                    min(one["leak_end"], other["leak_end"]),
                    max(one["ref_start"], other["ref_start"]),
                    min(one["ref_end"], other["ref_end"])]
            if part[1] > part[0] and part[3] > part[2]:
                parts.append(part)
        inside += (union_length(part[:2] for part in parts),
                   union_length(part[2:] for part in parts))
    return float(numpy.prod(inside / (length + 1e-9)))


def segment_scores(stated, truth):
    if not stated or not truth:
        same = float(not stated and not truth)
        return {"precision": same, "recall": same, "f1": same}
    precision, recall = covered(stated, truth), covered(truth, stated)
    return {"precision": round(precision, 4), "recall": round(recall, 4),
            "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 4)}


def at(segment, t):
    share = (t - segment["leak_start"]) / max(segment["leak_end"] - segment["leak_start"], 1e-9)
    return segment["ref_start"] + share * (segment["ref_end"] - segment["ref_start"])


def time_errors(stated, truth, step=0.5):
    """Errors in ms of the time map every half second where both show the same film, and the share
    of the truth that is covered at all."""
    errors, looked = [], 0
    for one in truth:
        for t in numpy.arange(one["leak_start"] + step / 2, one["leak_end"] - step / 4, step):
            looked += 1
            found = [abs(at(other, t) - at(one, t)) * 1000 for other in stated
                     if alike(one, other) and other["leak_start"] <= t < other["leak_end"]]
            errors += [min(found)] if found else []
    return errors, len(errors) / looked if looked else None


def boundary_errors(stated, truth):
    """For each boundary of a true segment the distance in ms to the nearest stated one of that
    film, by start and end; where the answer has none within 2 s, it counts as lost."""
    found, lost = [], 0
    for one in truth:
        for key in ("leak_start", "leak_end"):
            distances = [abs(other[key] - one[key]) * 1000 for other in stated
                         if alike(one, other)]
            if distances and min(distances) <= 2000:
                found.append(min(distances))
            else:
                lost += 1
    return found, lost


def corner_error(stated, true, width=1.0, height=1.0):
    """Mean distance of the four corners in per cent of the picture's width in the frame."""
    square = numpy.array([[0, 1, 1, 0], [0, 0, 1, 1], [1, 1, 1, 1]], float)
    points = []
    for matrix in (stated, true):
        placed = numpy.array(matrix, float).reshape(3, 3) @ square
        points.append((placed[:2] / placed[2]).T * [width, height])
    side = (numpy.linalg.norm(points[1][1] - points[1][0])
            + numpy.linalg.norm(points[1][2] - points[1][3])) / 2
    return float(numpy.linalg.norm(points[0] - points[1], axis=1).mean() / side * 100)


def percentile(values, rank):
    return round(float(numpy.percentile(values, rank)), 3) if len(values) else None


def mean(values):
    values = [one for one in values if one is not None]
    return round(float(numpy.mean(values)), 3) if values else None


def cell(value, digits=2):
    return "" if value is None else f"{value:.{digits}f}" if isinstance(value, float) else str(value)


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|---" + "|--:" * (len(head) - 1) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


def header(schema, options):
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    except OSError:
        found = None

    def text(command):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout.strip().split("\n")[0] or "unknown"

    return {"schema": schema,
            "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            "machine": {"cpu": found.group(1) if found else "unknown", "cores": os.cpu_count(),
                        "architecture": platform.machine(), "ffmpeg": text(["ffmpeg", "-version"])},
            "leaktrace": text([str(options.leaktrace.resolve()), "--version"]),
            "commit": text(["git", "-C", str(ROOT), "rev-parse", "HEAD"]),
            "description": options.description}


def common_arguments(parser, references=True):
    parser.add_argument("--leaktrace", type=Path, default=ROOT / ".build/release/leaktrace",
                        help="program to measure; by default that of a release build")
    if references:
        parser.add_argument("--references", type=Path, nargs="+", required=True, metavar="FILE",
                            help="films of the library")
    parser.add_argument("--description", default="", help="what the films are, for the results")
    parser.add_argument("--work", type=Path,
                        help="folder for what is made, kept and used again; by default a new one "
                        "that is deleted")
    parser.add_argument("--json", type=Path, metavar="OUT",
                        help="file for the results; by default one in Benchmarks/Results")


def main(parser, name, run, show):
    """Runs a benchmark: `run(options, work)` gives the results, `show` prints their table."""
    options = parser.parse_args()
    if not os.access(options.leaktrace, os.X_OK):
        fail(f"no program at {options.leaktrace}: swift build -c release")
    start = time.monotonic()
    if options.work:
        options.work.mkdir(parents=True, exist_ok=True)
        result = run(options, options.work.resolve())
    else:
        with tempfile.TemporaryDirectory(prefix=f"leaktrace-{name}-") as folder:
            result = run(options, Path(folder))
    result["elapsed_s"] = round(time.monotonic() - start, 1)
    path = options.json or ROOT / "Benchmarks/Results" / f"{result['date'][:10]}-{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n")
    show(result)
    print(f"results: {path}")
