"""Leaks put together of pieces of films, with the truth about every piece."""

from dataclasses import dataclass

import degradations
from measuring import boundary_errors, cut, ffmpeg, mean, percentile, say, segment_scores
from measuring import segments_of, time_errors

FPS = 25
WIDTH, HEIGHT = degradations.WIDTH, degradations.HEIGHT
SHAPE = f"scale={WIDTH}:{HEIGHT}:flags=bicubic,setsar=1"


@dataclass
class Piece:
    """Seconds of a film from `start` on, or with `film` None of a source of ffmpeg."""
    film: dict | None
    start: float
    length: float
    filters: str = "null"
    speed: float = 1.0
    source: str = ""


def made_card(text, length):
    """A card with a line of text."""
    return Piece(None, 0, length, source=(
        f"color=c=0x101830:size={WIDTH}x{HEIGHT}:rate={FPS},drawtext=text='{text}':fontcolor=white:"
        "fontsize=34:x=(w-tw)/2:y=(h-th)/2"))


def compose(pieces, path):
    """Joins pieces at 25 frames a second, unless an earlier run did. Gives the true segments."""
    inputs, graph, truth, frames = [], [], [], 0
    for index, one in enumerate(pieces):
        count = round(one.length / one.speed * FPS)
        if one.film is None:
            inputs += ["-f", "lavfi", "-i", one.source]
        else:
            # A second more, so that the end is cut by the number of frames and not by rounding.
            source, first = cut(one.film, one.start, one.length + 1)
            inputs += source
            piece = {"leak_start": frames / FPS, "leak_end": (frames + count) / FPS,
                     "ref_start": first, "ref_end": first + count / FPS * one.speed,
                     "film": one.film["name"], "mirrored": "hflip" in one.filters}
            before = truth[-1] if truth else None
            if before and all(before[key] == piece[key] for key in ("film", "mirrored")) \
                    and abs(before["leak_end"] - piece["leak_start"]) < 1e-6 \
                    and abs(before["ref_end"] - piece["ref_start"]) < 1.5 / FPS:
                # The film goes on where it stopped: no boundary that anyone could see.
                before.update(leak_end=piece["leak_end"], ref_end=piece["ref_end"])
            else:
                truth.append(piece)
        graph.append(f"[{index}:v]setpts=(PTS-STARTPTS)/{one.speed:.8f},{SHAPE},{one.filters},"
                     f"fps={FPS},tpad=stop_mode=clone:stop_duration=2,trim=end_frame={count},"
                     f"format=yuv420p,setpts=PTS-STARTPTS[p{index}]")
        frames += count
    graph.append("".join(f"[p{index}]" for index in range(len(pieces)))
                 + f"concat=n={len(pieces)}[out]")
    encode(inputs, ";".join(graph), path, ["-crf", "15"])
    return truth


def encode(inputs, graph, path, encoder, codec="libx264"):
    if path.exists():
        return
    part = path.with_suffix(f".part{path.suffix}")
    preset = ["-preset", "veryfast", "-pix_fmt", "yuv420p"] if codec == "libx264" else []
    ffmpeg(*inputs, "-filter_complex_threads", "1", "-filter_complex", graph, "-map", "[out]",
           "-an", "-c:v", codec, *preset, "-threads", "1", *encoder, part)
    part.rename(path)


def record(source, path, strength=0):
    """A recording of a file from a seat, by the combination of `factors`, at 25 frames a second so
    that no boundary moves."""
    done = degradations.DEGRADATIONS["camera together"][1]({"fps": FPS}, strength)
    encode(["-i", source], done.filters.replace("fps=30000/1001", f"fps={FPS}"), path, done.encoder)


def score(report, truth, allowed=()):
    """What an answer is worth: the films that must be named, those that may be, segments, times.
    `allowed` are titles whose film is seen as well, in part; nothing is asked of their segments."""
    wanted = list(dict.fromkeys(one["film"] for one in truth))
    titles = [match["title"] for match in report["matches"]]
    stated = [one for one in segments_of(report) if one["film"] in wanted]
    errors, share = time_errors(stated, truth)
    found, lost = boundary_errors(stated, truth)
    scores = segment_scores(stated, truth)
    return {"wanted": wanted, "titles": titles,
            "missing": [name for name in wanted if name not in titles],
            "wrong": [name for name in titles if name not in wanted and name not in allowed],
            "first_right": (titles[:1] == wanted[:1] or bool(titles) and titles[0] in wanted)
            if wanted else not titles,
            **scores, "time_ms_median": percentile(errors, 50), "time_ms_95": percentile(errors, 95),
            "covered": round(share, 4) if share is not None else None,
            "boundaries_ms_median": percentile(found, 50), "boundaries_ms_95": percentile(found, 95),
            "boundaries_lost": lost, "true_segments": len(truth), "stated_segments": len(stated),
            "truth": truth, "stated": [{key: round(value, 3) if isinstance(value, float) else value
                                        for key, value in one.items()} for one in stated]}


def tell(name, one):
    say(f"{name}: {', '.join(one['titles']) or 'no match'}"
        + (f"; wrong {one['wrong']}" if one["wrong"] else "")
        + (f"; missing {one['missing']}" if one["missing"] else "")
        + (f"; F1 {one['f1']:.3f}, {one['time_ms_median']} ms, boundaries "
           f"{one['boundaries_ms_median']} ms, {one['boundaries_lost']} lost" if one["wanted"] else ""))


def average(results, key):
    return mean([one[key] for one in results if one["wanted"]])
