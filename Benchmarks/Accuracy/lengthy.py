"""Leaks of ten minutes at 1080p with burned-in ads, for what ads cost and what is found of them where
not every frame is decoded.

The film goes through filters of ffmpeg that act like a camera, the ads are laid over it by ffmpeg:
drawing each frame here would take an hour. Times of the truth are those of the frames.
"""

import json
import random

import advertising
import burning
from advertising import BRANDS
from measuring import fail, ffmpeg, probe, say

PARTS = ["big-buck-bunny", "caminandes-llamigos", "nasa-orion-animation"]
WIDTH, HEIGHT, FPS = 1920, 1080, 25
SHOWN, SKIP = 560.0, 40.0
# A camera at the side of the screen; the work is done at half the size, which is soft.
CAMERA = ",".join([
    "scale=868:488:flags=area", "pad=960:540:42:28:color=0x080808",
    "perspective=x0=0:y0=0:x1=W:y1=H*0.06:x2=W*0.03:y2=H:x3=W*0.98:y3=H*0.95"
    ":sense=destination:interpolation=linear",
    "eq=brightness=-0.06:contrast=0.82:gamma=0.88:saturation=0.75:gamma_b=1.08",
    f"scale={WIDTH}:{HEIGHT}:flags=bilinear", "noise=c0_strength=6:c0_flags=t",
])


def film(references, work):
    """The film of 12 minutes that the leaks show; made once."""
    path = work / "feature.mp4"
    if path.exists():
        return path
    known = {one.stem: one for one in references}
    if not set(PARTS) <= known.keys():
        fail(f"long leaks need the references {', '.join(PARTS)}")
    say(f"joining {path.name}")
    inputs = [word for name in PARTS for word in ("-i", known[name])]
    shape = f"fps=24,scale={WIDTH}:{HEIGHT}:flags=bicubic,setsar=1,format=yuv420p"
    graph = ";".join(f"[{index}:v]{shape}[p{index}]" for index in range(len(PARTS)))
    graph += ";" + "".join(f"[p{index}]" for index in range(len(PARTS)))
    write([*inputs, "-filter_complex", f"{graph}concat=n={len(PARTS)}[out]"], path,
          ["-crf", "21"])
    return path


def write(arguments, path, quality):
    part = path.with_suffix(f".part{path.suffix}")
    ffmpeg(*arguments, "-map", "[out]", "-an", "-c:v", "libx264", "-preset", "veryfast",
           "-threads", "1", *quality, part)
    part.rename(path)


class Plan:
    """What one leak shows, of a seed. Of every three, two have nine ads in ten minutes (a clip at the
    start and one in the middle, seven overlays), the third has three, as films of two hours have."""

    def __init__(self, seed):
        dice = random.Random(f"lengthy {seed}")
        self.dice, self.brands = dice, dice.sample(BRANDS, 3)
        self.is_dense = seed % 3 != 0
        self.clips = [self.clip(15.0, 0)] + ([self.clip(12.0, 1)] if self.is_dense else [])
        # Seconds of the film after which the clip in the middle comes.
        self.pause = round(dice.uniform(200, 360))
        self.overlays, self.free = [], []
        self.length = SHOWN + sum(one.length for one in self.clips)
        pause = self.clips[0].length + self.pause
        self.taken = [(0, 18)] + [(pause - 3, pause + one.length + 3) for one in self.clips[1:]]
        self.corner(dice.uniform(70, 120))
        for kind, seconds in [("ticker", 28), ("banner", 9), ("banner", 12), ("popup", 5),
                              ("popup", 6), ("corner_logo", 30)] if self.is_dense else [
                                  ("banner", 10)]:
            getattr(self, kind if kind != "corner_logo" else "corner")(seconds)

    def words(self):
        brand = self.dice.choice(self.brands)
        return (brand, self.dice.choice(brand.domains), self.dice.choice(brand.promo_codes),
                self.dice.choice(brand.slogans))

    def clip(self, length, number):
        brand, domain, code, slogan = self.words()
        return advertising.Clip(brand, self.dice.choice(advertising.DESIGNS), 1280, 720, length,
                                number, domain, code, slogan)

    def span(self, seconds):
        """A free stretch of time, in whole frames."""
        for _ in range(1000):
            start = round(self.dice.uniform(20, self.length - seconds - 5) * FPS) / FPS
            if all(start + seconds + 2 < low or high + 2 < start for low, high in self.taken):
                end = round((start + seconds) * FPS) / FPS
                self.taken.append((start, end))
                return start, end
        fail("no room for another ad")

    def add(self, kind, span, brand, texts, urls, codes, looks):
        """`looks` are pictures with expressions of their left and upper edge and of when they are
        shown, by the second `t`, and their resting box in pixels."""
        box = looks[0][4]
        self.overlays.append({"looks": looks, "truth": {
            "type": kind, "start": span[0], "end": span[1], "full_frame": False, "style": "laid over",
            "bbox": [{"t": span[0], "bbox": [box[0] / WIDTH, box[1] / HEIGHT, box[2] / WIDTH,
                                             box[3] / HEIGHT]}],
            **named(brand, texts, urls, codes)}})

    def corner(self, seconds):
        brand, domain, code, _ = self.words()
        start, end = self.span(seconds)
        pictures, texts, urls, codes = advertising.corner_looks(brand, HEIGHT, "in turn", domain,
                                                                code)
        right, low = self.dice.random() < 0.5, self.dice.random() < 0.3
        wide, tall = (max(getattr(one, side) for one in pictures) for side in ("width", "height"))
        left, top = (WIDTH - wide - 50 if right else 50), (HEIGHT - tall - 60 if low else 50)
        looks = []
        for index, one in enumerate(pictures):
            turn = f"between(t,{start},{end - 0.01})*eq(mod(floor((t-{start}+0.001)/5),{len(pictures)}),{index})"
            x = left + (wide - one.width if right else 0)
            looks.append((one, str(x), str(top), turn, (left, top, left + wide, top + tall)))
        self.add("corner_logo", (start, end), brand, texts, urls, codes, looks)

    def banner(self, seconds):
        brand, domain, code, slogan = self.words()
        start, end = self.span(seconds)
        one = advertising.banner(brand, WIDTH, HEIGHT, domain, code, slogan)
        x, y = (WIDTH - one.width) // 2, HEIGHT - one.height - 40
        slide = f"{y}+max(0,1-(t-{start})/0.5)*{HEIGHT - y}+max(0,1-({end}-t)/0.5)*{HEIGHT - y}"
        self.add("banner", (start, end), brand, [brand.name, slogan, domain, code], [domain], [code],
                 [(one, str(x), slide, f"between(t,{start},{end - 0.01})",
                   (x, y, x + one.width, y + one.height))])

    def popup(self, seconds):
        brand, domain, code, slogan = self.words()
        start, end = self.span(seconds)
        one = advertising.popup(brand, WIDTH, HEIGHT, domain, code, slogan)
        x, y = self.dice.choice([80, WIDTH - one.width - 80]), self.dice.randrange(120, 500)
        self.add("popup", (start, end), brand, [brand.name, slogan, domain, code], [domain], [code],
                 [(one, str(x), str(y), f"between(t,{start},{end - 0.01})",
                   (x, y, x + one.width, y + one.height))])

    def ticker(self, seconds):
        brand, domain, code, _ = self.words()
        start, end = self.span(seconds)
        tall = 64
        line = advertising.label(advertising.ticker_text(brand, domain, code), tall * 0.55, "plain")
        ground = advertising.plate(WIDTH, tall, brand.colours[0], 0)
        y = HEIGHT - tall
        shown = f"between(t,{start},{end - 0.01})"
        box = (0, y, WIDTH, HEIGHT)
        speed = (WIDTH + line.width) / (end - start)
        self.add("ticker", (start, end), brand, [brand.name, domain, code], [domain], [code],
                 [(ground, "0", str(y), shown, box),
                  (line, f"{WIDTH}-(t-{start})*{speed:.2f}", str(y + (tall - line.height) // 2),
                   shown, box)])


def named(brand, texts, urls, codes):
    return {"brand": brand.name, "brand_id": brand.id, "in_catalogue": brand.in_catalogue,
            "texts": texts, "urls": urls, "promo_codes": codes}


def make(seed, source, work, title):
    """Makes a leak unless an earlier run did; gives its truth, with the file's path."""
    name = f"long-{seed:03d}"
    folder = work / "leaks" / name
    folder.mkdir(parents=True, exist_ok=True)
    path, stated = folder / f"{name}.mp4", folder / "truth.json"
    if stated.exists():
        return json.loads(stated.read_text()) | {"path": path}
    say(f"making {name}")
    plan = Plan(seed)
    inputs, graph = [], []
    for index, clip in enumerate(plan.clips):
        burning.write_clip(clip, folder / f"clip-{index}.mp4")
        inputs += ["-i", folder / f"clip-{index}.mp4"]
    parts = [(SKIP, plan.pause), (SKIP + plan.pause, SHOWN - plan.pause)]
    if not plan.is_dense:
        parts = [(SKIP, SHOWN)]
    for start, length in parts:
        inputs += ["-ss", start, "-t", length + 1, "-i", source]
    even = f"fps={FPS},setsar=1,format=yuv420p,setpts=PTS-STARTPTS"
    for index, (clip, (_, length)) in enumerate(zip(plan.clips, parts)):
        graph.append(f"[{index}:v]scale={WIDTH}:{HEIGHT},trim=end_frame="
                     f"{round(clip.length * FPS)},{even}[c{index}]")
        graph.append(f"[{index + len(parts)}:v]fps={FPS},{CAMERA},trim=end_frame={round(length * FPS)},"
                     f"{even}[f{index}]")
    names = "".join(f"[c{index}][f{index}]" for index in range(len(parts)))
    graph.append(f"{names}concat=n={2 * len(parts)}[v0]")
    step = 0
    for overlay in plan.overlays:
        for picture, x, y, shown, _ in overlay["looks"]:
            file = folder / f"look-{step}.png"
            picture.save(file)
            inputs += ["-i", file]
            graph.append(f"[v{step}][{2 * len(parts) + step}:v]overlay=x='{x}':y='{y}':enable='{shown}'"
                         f":format=yuv420[v{step + 1}]")
            step += 1
    graph.append(f"[v{step}]null[out]")
    write([*inputs, "-filter_threads", "1", "-filter_complex_threads", "1", "-filter_complex",
           ";".join(graph)], path, ["-b:v", "2500k", "-maxrate", "4000k", "-bufsize", "5000k"])
    truth = describe(plan, name, path, title)
    part = stated.with_suffix(".part")
    part.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n")
    part.rename(stated)
    return truth | {"path": path}


def describe(plan, name, path, title):
    pause = plan.clips[0].length + plan.pause
    ads = [one["truth"] for one in plan.overlays]
    for kind, clip, start in zip(("preroll", "midroll"), plan.clips, (0.0, pause)):
        ads.append({"type": kind, "start": start, "end": start + clip.length, "full_frame": True,
                    "style": clip.design, "bbox": [{"t": start, "bbox": [0, 0, 1, 1]}],
                    **named(clip.brand, clip.texts, clip.urls, clip.codes)})
    return {"leak_id": name, "file": path.name, "severity": "long", "title": title, "ref_id": title,
            "title_in_library": True, "duration": probe(path)["duration"], "width": WIDTH,
            "height": HEIGHT, "ads": sorted(ads, key=lambda ad: ad["start"]), "distractors": []}
