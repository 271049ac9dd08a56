"""Leaks with burned-in ads: a film through a camera, with ads and other overlays drawn upon it.

A leak is first planned (which film, clips and overlays, where and when; all of a seed), then made: a
recording of the film by ffmpeg, and its frames piped through this program, which draws, into the
encoder of a release. Times of the truth are those of the frames.
"""

import hashlib
import json
import random
import subprocess
from dataclasses import dataclass, field
from fractions import Fraction

import advertising
import composing
import degradations
from advertising import BLACK, BRANDS, WHITE, label, on_plate, row
from measuring import cut, fail, ffmpeg, numpy, probe, say

SIZES = [(640, 360), (854, 480), (640, 360), (1280, 720)]
RATES = ["24", "25", "24000/1001", "30"]
SEVERITIES = ["mild", "typical", "harsh"]
# (clips, overlays that advertise, distractors); "replacing" takes the place of a part of the film.
SCENES = [
    (["preroll"], ["corner_logo"], ["subtitles"]),
    (["midroll"], ["banner"], ["channel_logo"]),
    ([], ["ticker"], ["group_stamp"]),
    (["postroll"], ["popup"], ["exit_sign"]),
    ([], ["bar"], ["subtitles"]),
    ([], [], ["subtitles", "channel_logo", "group_stamp", "credits"]),
    (["preroll", "midroll"], ["corner_logo", "ticker"], []),
    (["replacing"], ["popup", "banner"], ["text"]),
    (["preroll", "postroll"], ["corner_logo"], ["credits"]),
    ([], ["bar", "popup"], ["channel_logo"]),
    (["midroll"], ["corner_logo"], ["other_ad"]),
    ([], ["banner", "ticker"], ["exit_sign", "text"]),
]
SUBTITLES = ["— Ты видел, кто сюда заходил?", "Ставки слишком высоки, уходим.",
             "Это твой бонус за молчание.", "Я поставлю всё на тебя.",
             "Он проиграл дом в карты.", "Завтра матч, не опоздай.",
             "Нам нужен код от сейфа.", "Казино закрыли ещё зимой.",
             "Сколько стоит билет до Рязани?", "— Выигрыш пополам?\n— Нет, я ухожу."]
STAMPS = ["kinoclub-rip.example", "RIP by TeamVolna", "filmnora.example | CAM 1080p"]
TEXTS = ["Приятного просмотра!", "Подпишись: @kinovecher_demo", "Перевод: студия «Лисий хвост»",
         "Звук исправим в следующей версии"]
CREDITS = ["режиссёр", "Анна Озерова", "оператор", "Пётр Вьюнов", "music by", "Ida Lund", "монтаж",
           "Олег Мельник", "in memory of", "Mira Falk"]
BAR = 2.39


@dataclass
class Overlay:
    """Something drawn over the film. `at(t)` gives for seconds since its start a picture, its place
    in pixels and its opacity, or None."""
    kind: str
    start: int
    end: int
    at: object
    truth: dict = field(default_factory=dict)
    advertises: bool = True


def plan(index, seed, references, others):
    """What leak number `index` will be; the same for the same seed and films."""
    dice = random.Random(f"{seed}-{index}")
    clips, drawn, distractors = SCENES[index % len(SCENES)]
    known = not others or not (index % 5 == 3 or index % 24 == 17)
    # Every film in turn, in an order of the seed.
    films = sorted(references if known else others, key=lambda film: film["name"])
    random.Random(seed).shuffle(films)
    film = films[index % len(films) if known else index // 5 % len(films)]
    brand = dice.choice([one for one in BRANDS if one.in_catalogue != (index % 5 == 1)])
    creative = index % 7 == 0
    if creative:
        brand = next(one for one in BRANDS if one.creative)
    length = round(min(dice.uniform(20, 30), film["times"][-1] - 0.5), 2)
    # A clip after the film must follow the film's own end.
    room = max(0.0, film["times"][-1] - length)
    start = room if "postroll" in clips else dice.uniform(0, room)
    codec = "mpeg4" if index % 8 == 6 else "libx264"
    return {"leak_id": f"ads-{seed}-{index:03d}", "film": film, "known": known, "brand": brand,
            "creative": creative,
            "severity": SEVERITIES[(index + index // 12) % 3], "start": start, "length": length,
            "size": SIZES[(index + index // 4) % 4], "rate": dice.choice(RATES), "clips": clips,
            "overlays": drawn, "distractors": distractors, "codec": codec,
            "quality": dice.randint(3, 6) if codec == "mpeg4" else dice.randint(23, 30),
            "style": ("opaque", "translucent", "in turn", "bare")[index // 2 % 4]
            if brand.in_catalogue else "in turn",
            "container": "avi" if codec == "mpeg4" else dice.choice(["mp4", "mkv"]),
            "dice": dice}


def record(one, path, folder):
    """The film as a camera took it, with what stood beside the screen; bars of the release."""
    width, height = one["size"]
    high = 2 * round(width / BAR / 2) if "bar" in one["overlays"] else height
    dice, sign = one["dice"], "exit_sign" in one["distractors"]
    share = 0.8 if sign else 1.04
    level = SEVERITIES.index(one["severity"])
    rate = (4.0, 2.5, 1.5)[level] * width * height
    if level == 0 or sign:
        corners = degradations.about(share if sign else 1.0)
    elif dice.random() < 0.5:
        corners = degradations.keystone((0.04, 0.1)[level - 1])
    else:
        corners = degradations.turned((0.8, 2.0)[level - 1] * dice.choice((-1, 1)), share)
    source, first = cut(one["film"], one["start"], one["length"])
    inputs, beside = [], {}
    graph = f"[0:v]setpts=PTS-STARTPTS,fps={one['rate']}"
    if high < height:
        graph += f",scale={width}:{height}:flags=bicubic,setsar=1,crop={width}:{high}"
    if "credits" in one["distractors"]:
        credits = advertising.credits(width, CREDITS)
        credits.save(folder / f"{one['leak_id']}-credits.png")
        inputs += ["-loop", "1", "-framerate", one["rate"], "-i",
                   folder / f"{one['leak_id']}-credits.png"]
        begin = one["length"] - 7
        graph += (f",scale={width}:{high}:flags=bicubic,setsar=1[film];[film][1:v]overlay=x=0:"
                  f"y='H-(t-{begin})*(H+h)/8':enable='gte(t,{begin})':shortest=1")
        beside["credits"] = begin
    graph += "," + degradations.place(corners, width, high)[0]
    if sign:
        wide = round(width * 0.08)
        advertising.exit_sign(wide).save(folder / f"{one['leak_id']}-sign.png")
        x, y = round(width * 0.01), round(height * 0.42)
        number = len(inputs) // 6 + 1
        inputs += ["-loop", "1", "-framerate", one["rate"], "-i",
                   folder / f"{one['leak_id']}-sign.png"]
        graph += f"[shown];[shown][{number}:v]overlay={x}:{y}:shortest=1"
        beside["sign"] = [x / width, y / height, (x + wide) / width, (y + wide / 2) / height]
    if level:
        blur = (0.9, 1.9)[level - 1] * height / 360
        dim, noise = ((0.8, 10), (0.5, 18))[level - 1]
        graph += (f",gblur=sigma={blur:.2f}," + degradations.levels(f"16+(val-16)*{dim}")
                  + f",noise=alls={noise}:allf=t:all_seed={one['quality']}")
    if high < height:
        graph += f",pad={width}:{height}:0:{(height - high) // 2}"
    if not path.exists():
        part = path.with_suffix(".part.mkv")
        ffmpeg(*source, *inputs, "-filter_complex_threads", "1", "-filter_complex",
               graph + ",format=yuv420p[out]", "-map", "[out]", "-an", "-c:v", "libx264", "-preset",
               "veryfast", "-threads", "1", "-b:v", f"{rate:.0f}", part)
        part.rename(path)
    return first, beside, high


class Leak:
    """The time line of a leak: parts of film and clips, and overlays within the parts of film."""

    def __init__(self, one, frames, first, beside, high):
        self.one, self.dice, self.fps = one, one["dice"], Fraction(one["rate"])
        self.width, self.height = one["size"]
        self.band = (self.height - high) // 2
        self.parts, self.overlays = [], []
        self.lay(frames, first)
        self.free = ["upper left", "upper right", "lower left", "lower right"]
        self.dice.shuffle(self.free)
        if {"subtitles", "banner"} & {*one["overlays"], *one["distractors"]}:
            # The last are taken first.
            self.free.sort(key=lambda place: "upper" in place)
        self.low_taken = []
        for kind in one["overlays"]:
            getattr(self, kind)()
        for kind in one["distractors"]:
            getattr(self, kind)(beside)

    def frames_of(self, seconds):
        return round(seconds * self.fps)

    def lay(self, frames, first):
        one, at, pieces = self.one, 0, []
        for kind in one["clips"]:
            clip = self.clip(self.dice.uniform(4.5, 8.0))
            length = self.frames_of(clip.length)
            if kind == "preroll":
                pieces.append((0, 0, "preroll", clip, length))
            elif kind == "postroll":
                pieces.append((frames, frames, "postroll", clip, length))
            else:
                middle = round(frames * self.dice.uniform(0.4, 0.6))
                gone = min(length, frames - middle - self.frames_of(5)) * (kind == "replacing")
                pieces.append((middle, middle + gone, "midroll", clip, length))
        leak = 0
        for begin, resume, kind, clip, length in sorted(pieces, key=lambda piece: piece[0]):
            if begin > at:
                self.parts.append({"leak": leak, "film": at, "frames": begin - at})
                leak += begin - at
            self.parts.append({"leak": leak, "clip": clip, "kind": kind, "frames": length})
            leak, at = leak + length, resume
        if frames > at:
            self.parts.append({"leak": leak, "film": at, "frames": frames - at})
            leak += frames - at
        self.frames, self.first = leak, first

    def clip(self, length):
        brand = self.one["brand"]
        if brand.creative and self.one["creative"]:
            return advertising.creative(brand, self.width, self.height)
        return advertising.Clip(
            brand, self.dice.choice(advertising.DESIGNS), self.width, self.height, length,
            self.dice.randrange(10 ** 6), *self.words())

    def words(self):
        brand = self.one["brand"]
        return (self.dice.choice(brand.domains), self.dice.choice(brand.promo_codes),
                self.dice.choice(brand.slogans))

    def films(self):
        return [part for part in self.parts if "film" in part]

    def longest(self):
        return max(self.films(), key=lambda part: part["frames"])

    def within(self, seconds):
        """Frames of about so many seconds somewhere in the longest part of film."""
        part = self.longest()
        count = min(self.frames_of(seconds), part["frames"] - self.frames_of(1))
        start = part["leak"] + self.frames_of(0.5) + self.dice.randrange(
            max(1, part["frames"] - count - self.frames_of(1)))
        return start, start + count

    def add(self, kind, span, at, advertises=True, **truth):
        self.overlays.append(Overlay(kind, *span, at, truth, advertises))

    def corner(self, place, picture):
        x = round(self.width * 0.03)
        y = self.band + round(self.height * 0.045)
        return (x if "left" in place else self.width - x - picture.width,
                y if "upper" in place else self.height - y - picture.height)

    def resting(self, looks, place, opacity, every=5.0, edge=None):
        """Looks in turn at a corner, or at a place of their own."""
        arrays = [numpy.asarray(look) for look in looks]
        places = [edge(look) if edge else self.corner(place, look) for look in looks]

        def at(t):
            index = int(t / every) % len(arrays)
            return arrays[index], *places[index], opacity
        return at

    def ad_truth(self, texts, urls, codes, **more):
        return {"texts": texts, "urls": urls, "promo_codes": codes, **more}

    def corner_logo(self):
        brand, style = self.one["brand"], self.one["style"]
        domain, code, _ = self.words()
        looks, texts, urls, codes = advertising.corner_looks(brand, self.height, style, domain, code)
        opacity = {"translucent": self.dice.uniform(0.4, 0.8), "bare": 0.65}.get(style, 1.0)
        place, every = self.free.pop(), self.dice.uniform(3, 5)
        for part in self.films():
            start = part["leak"] + (0 if part["leak"] else self.frames_of(1))
            if part["frames"] < self.frames_of(4):
                continue
            self.add("corner_logo", (start, part["leak"] + part["frames"]),
                     self.resting(looks, place, opacity, every),
                     **self.ad_truth(texts, urls, codes, style=style, opacity=round(opacity, 2)))

    def banner(self):
        brand = self.one["brand"]
        words = self.words()
        picture = advertising.banner(brand, self.width, self.height, *words)
        array, opacity = numpy.asarray(picture), self.dice.choice((1.0, 1.0, 0.85))
        span = self.within(self.dice.uniform(6, 10))
        length = (span[1] - span[0]) / self.fps
        x, y = (self.width - picture.width) // 2, self.height - round(picture.height * 1.25)
        side = self.dice.random() < 0.4

        def at(t):
            out = max(0.0, 1 - t / 0.6, 1 - (length - t) / 0.6) ** 2
            return (array, round(x - out * self.width), y, opacity) if side else \
                (array, x, round(y + out * (self.height - y)), opacity)
        self.low_taken.append(span)
        self.add("banner", span, at, **self.ad_truth(
            [brand.name, words[2], words[0], f"Промокод {words[1]}"], [words[0]], [words[1]],
            style="from the side" if side else "from below", opacity=opacity))

    def ticker(self):
        brand = self.one["brand"]
        domain, code, _ = self.words()
        size, text = self.height * 0.05, advertising.ticker_text(brand, domain, code)
        tall = round(size * 1.6)
        strip = self.dice.random() < 0.6
        line = label(text, size, self.dice.choice(("noto", "light", "plain")),
                     brand.colours[1] if strip else WHITE, None if strip else BLACK)
        top = self.dice.random() < 0.3 or "banner" in self.one["overlays"]
        y = 0 if top else self.height - tall
        if top:
            self.free = [place for place in self.free if "lower" in place] or self.free
        else:
            self.free = [place for place in self.free if "upper" in place] or self.free
        opacity = self.dice.choice((1.0, 0.8))
        ground = numpy.zeros((tall, self.width, 4), numpy.uint8)
        if strip:
            ground[:] = (*brand.colours[0], 255)
        ground = advertising.Image.fromarray(ground)
        part = self.longest()
        seconds = min(part["frames"] / self.fps - 1, self.dice.uniform(11, 15))
        speed = (self.width + line.width) / seconds

        def at(t):
            left = round(self.width - t * speed)
            if strip:
                picture = ground.copy()
                picture.paste(line, (left, (tall - line.height) // 2), line)
                return numpy.asarray(picture), 0, y, opacity
            return numpy.asarray(line), left, y + (tall - line.height) // 2, opacity
        span = self.within(float(seconds))
        if not top:
            self.low_taken.append(span)
        self.add("ticker", span, at, **self.ad_truth(
            [text], [domain], [code], style="strip" if strip else "letters", opacity=opacity))

    def popup(self):
        brand = self.one["brand"]
        words = self.words()
        picture = advertising.popup(brand, self.width, self.height, *words)
        place = self.free.pop()
        if "lower" in place:
            self.low_taken.append((0, self.frames))
        self.add("popup", self.within(self.dice.uniform(2.2, 4.0)),
                 self.resting([picture], place, 1.0),
                 **self.ad_truth([brand.name, words[2], f"КОД {words[1]}", words[0]], [words[0]],
                                 [words[1]], style=place, opacity=1.0))

    def bar_place(self, low):
        return lambda picture: ((self.width - picture.width) // 2, (
            self.height - self.band if low else 0) + (self.band - picture.height) // 2)

    def bar(self):
        brand = self.one["brand"]
        domain, code, _ = self.words()
        picture = advertising.bar_row(brand, self.width, self.band, domain, code)
        low = self.dice.random() < 0.6
        part = self.longest()
        span = self.within(float(part["frames"] / self.fps) * self.dice.uniform(0.5, 0.95))
        self.add("bar", span, self.resting([picture], "", 1.0, edge=self.bar_place(low)),
                 **self.ad_truth([brand.name, domain, f"промокод {code}"], [domain], [code],
                                 style="lower" if low else "upper", opacity=1.0))

    def subtitles(self, beside):
        lines = self.dice.sample(SUBTITLES, len(SUBTITLES))
        size = self.height * 0.06
        for part in self.films():
            at = part["leak"] + self.frames_of(self.dice.uniform(0.3, 2))
            while lines:
                span = (at, at + self.frames_of(self.dice.uniform(2, 3.2)))
                if span[1] > part["leak"] + part["frames"]:
                    break
                at = span[1] + self.frames_of(self.dice.uniform(0.3, 1.5))
                if any(span[0] < end and start < span[1] for start, end in self.low_taken):
                    continue
                self.subtitle(span, lines.pop(), size)

    def subtitle(self, span, text, size):
        drawn = [label(line, size, "plain", WHITE, BLACK) for line in text.split("\n")]
        high = round(size * 1.25)
        picture = advertising.Image.new("RGBA", (max(one.width for one in drawn),
                                                 high * (len(drawn) - 1) + drawn[-1].height))
        for index, line in enumerate(drawn):
            picture.paste(line, ((picture.width - line.width) // 2, index * high))
        place = lambda look: ((self.width - look.width) // 2,  # noqa: E731
                              self.height - self.band - look.height - round(self.height * 0.05))
        self.add("subtitles", span, self.resting([picture], "", 1.0, edge=place), False,
                 texts=[text])

    def channel_logo(self, beside):
        name = self.dice.choice(("СЕВЕР", "КИНО 5", "TV MIR"))
        self.stay("channel_logo", advertising.channel_logo(name, self.height * 0.05), name, 0.6)

    def group_stamp(self, beside):
        text = self.dice.choice(STAMPS)
        self.stay("group_stamp", label(text, self.height * 0.045, "plain", WHITE, BLACK), text, 0.8)

    def stay(self, kind, picture, text, opacity):
        place = self.free.pop()
        for part in self.films():
            self.add(kind, (part["leak"], part["leak"] + part["frames"]),
                     self.resting([picture], place, opacity), False, texts=[text])

    def text(self, beside):
        text = self.dice.choice(TEXTS)
        picture = label(text, self.height * 0.055, "noto", (255, 235, 120), BLACK)
        place = lambda look: ((self.width - look.width) // 2, round(self.height * 0.46))  # noqa: E731
        self.add("text", self.within(5), self.resting([picture], "", 1.0, edge=place), False,
                 texts=[text])

    def other_ad(self, beside):
        lines = ["Пицца за 30 минут", "pizza-gavan.example", "промокод PIZZA20"]
        size = self.height * 0.042
        picture = on_plate(row([label(line, size, "noto", WHITE) for line in lines],
                               round(size)), (190, 60, 20), round(size * 0.5))
        place = lambda look: ((self.width - look.width) // 2,  # noqa: E731
                              self.height - round(look.height * 1.3))
        self.add("other_ad", self.within(7), self.resting([picture], "", 1.0, edge=place), False,
                 texts=lines)

    def credits(self, beside):
        part = self.films()[-1]
        end = part["leak"] + part["frames"]
        span = max(part["leak"], end - self.frames_of(self.one["length"] - beside["credits"])), end
        self.add("credits", span, None, False, texts=CREDITS, bbox=[0, 0, 1, 1])

    def exit_sign(self, beside):
        for part in self.films():
            self.add("exit_sign", (part["leak"], part["leak"] + part["frames"]), None, False,
                     texts=["ВЫХОД"], bbox=beside["sign"])

    def box(self, shown):
        """The visible part of a picture, in fractions of the frame."""
        array, x, y, _ = shown
        high, wide = array.shape[:2]
        box = [max(0, x), max(0, y), min(self.width, x + wide), min(self.height, y + high)]
        if box[2] <= box[0] or box[3] <= box[1]:
            return None
        return [round(value / (self.width, self.height)[axis % 2], 5)
                for axis, value in enumerate(box)]

    def keys(self, overlay):
        """The boxes over time: the first and last of every stretch in which they stay."""
        if overlay.at is None:
            return [{"t": round(float(overlay.start / self.fps), 4), "bbox": overlay.truth["bbox"]}]
        boxes = [(frame, self.box(overlay.at(float((frame - overlay.start) / self.fps))))
                 for frame in range(overlay.start, overlay.end)]
        boxes = [one for one in boxes if one[1]]
        kept = [one for before, one, after in zip([(0, None), *boxes], boxes,
                                                  [*boxes[1:], (0, None)])
                if one[1] != before[1] or one[1] != after[1]]
        return [{"t": round(float(frame / self.fps), 4), "bbox": box} for frame, box in kept]

    def truth(self):
        brand = self.one["brand"]
        named = {"brand": brand.name, "brand_id": brand.id, "in_catalogue": brand.in_catalogue}
        ads, distractors = [], []
        for part in self.parts:
            if "clip" in part:
                clip = part["clip"]
                ads.append({"type": part["kind"], **named, **self.span(part["leak"], part["leak"]
                                                                       + part["frames"]),
                            "bbox": [{"t": round(float(part["leak"] / self.fps), 4),
                                      "bbox": [0, 0, 1, 1]}],
                            "full_frame": True, "style": clip.design,
                            **self.ad_truth(clip.texts, clip.urls, clip.codes)})
        for one in self.overlays:
            entry = {"type": one.kind, **self.span(one.start, one.end), **one.truth,
                     "bbox": self.keys(one)}
            if one.advertises:
                ads.append({**entry, **named, "full_frame": False})
            else:
                distractors.append(entry)
        film = self.one["film"]
        return {"leak_id": self.one["leak_id"], "severity": self.one["severity"],
                "title": film["name"], "ref_id": film["name"],
                "title_in_library": self.one["known"],
                "duration": round(float(self.frames / self.fps), 4), "width": self.width,
                "height": self.height, "fps": self.one["rate"], "codec": self.one["codec"],
                "quality": self.one["quality"],
                "segments": [{**{f"leak_{key}": value for key, value in
                                 self.span(part["leak"], part["leak"] + part["frames"]).items()},
                              "ref_start": round(self.first + float(part["film"] / self.fps), 4),
                              "ref_end": round(self.first + float(
                                  (part["film"] + part["frames"]) / self.fps), 4)}
                             for part in self.films()],
                "ads": sorted(ads, key=lambda ad: ad["start"]), "distractors": distractors}

    def span(self, start, end):
        return {"start": round(float(start / self.fps), 4), "end": round(float(end / self.fps), 4)}

    def burn(self, recording, path):
        """Reads the recording's frames, draws, and writes the release."""
        one, size = self.one, self.width * self.height * 3
        raw = ["-f", "rawvideo", "-pix_fmt", "rgb24"]
        quality = ["-preset", "veryfast", "-crf"] if one["codec"] == "libx264" else ["-q:v"]
        part = path.with_suffix(f".part{path.suffix}")
        decoder = subprocess.Popen(
            ["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-i", recording, *raw, "-"],
            stdout=subprocess.PIPE)
        encoder = subprocess.Popen(
            ["ffmpeg", "-v", "error", "-y", *raw, "-video_size", f"{self.width}x{self.height}",
             "-framerate", one["rate"], "-i", "-", "-c:v", one["codec"], "-pix_fmt", "yuv420p",
             "-threads", "1", *quality, str(one["quality"]), part], stdin=subprocess.PIPE)
        read = 0
        for piece in self.parts:
            for index in range(piece["frames"]):
                if "clip" in piece:
                    encoder.stdin.write(piece["clip"].frame(float(index / self.fps)).tobytes())
                    continue
                while read <= piece["film"] + index:
                    data = decoder.stdout.read(size)
                    read += 1
                if len(data) < size:
                    fail(f"{recording} ends after {read - 1} frames")
                picture = numpy.frombuffer(data, numpy.uint8).reshape(
                    self.height, self.width, 3).copy()
                self.draw(picture, piece["leak"] + index)
                encoder.stdin.write(picture.tobytes())
        decoder.stdout.close()
        encoder.stdin.close()
        decoder.wait()
        if encoder.wait():
            fail(f"ffmpeg could not write {path}")
        part.rename(path)

    def draw(self, picture, frame):
        for one in self.overlays:
            if one.at is None or not one.start <= frame < one.end:
                continue
            array, x, y, opacity = one.at(float((frame - one.start) / self.fps))
            high, wide = array.shape[:2]
            left, top = max(0, -x), max(0, -y)
            right, bottom = min(wide, self.width - x), min(high, self.height - y)
            if right <= left or bottom <= top:
                continue
            seen = array[top:bottom, left:right].astype(numpy.float32)
            alpha = seen[..., 3:] * (opacity / 255)
            under = picture[y + top:y + bottom, x + left:x + right]
            under[:] = under + (seen[..., :3] - under) * alpha + 0.5


def record_clean(film, path):
    """A whole film as `factors` records it, without anything drawn."""
    done = degradations.DEGRADATIONS["camera together"][1](film, 0)
    composing.encode(["-i", film["path"]], done.filters, path, done.encoder)


def write_clip(clip, path):
    """A clip by itself, as a catalogue has it."""
    part = path.with_suffix(f".part{path.suffix}")
    encoder = subprocess.Popen(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size",
         f"{clip.width}x{clip.height}", "-framerate", "25", "-i", "-", "-c:v", "libx264",
         "-preset", "veryfast", "-pix_fmt", "yuv420p", "-threads", "1", "-crf", "22", part],
        stdin=subprocess.PIPE)
    for frame in range(round(clip.length * 25)):
        encoder.stdin.write(clip.frame(frame / 25).tobytes())
    encoder.stdin.close()
    if encoder.wait():
        fail(f"ffmpeg could not write {path}")
    part.rename(path)


def make(index, seed, references, others, work):
    """Makes a leak unless an earlier run did; gives its truth, with the file's path."""
    one = plan(index, seed, references, others)
    recipe = hashlib.sha256(repr([{key: value for key, value in one.items()
                                   if key not in ("film", "dice")}, one["film"]["name"],
                                  one["film"]["duration"], advertising.fonts()]).encode())
    recipe = recipe.hexdigest()[:16]
    folder = work / "leaks" / one["leak_id"]
    folder.mkdir(parents=True, exist_ok=True)
    stated = folder / "truth.json"
    if stated.exists():
        truth = json.loads(stated.read_text())
        if truth["recipe"] == recipe:
            return truth | {"path": folder / truth["file"]}
    say(f"making {one['leak_id']}: {one['severity']}, {one['film']['name']}, "
        f"{', '.join(one['clips'] + one['overlays']) or 'no ads'}")
    recording = work / "recordings" / f"{one['leak_id']}-{recipe}.mkv"
    recording.parent.mkdir(exist_ok=True)
    first, beside, high = record(one, recording, recording.parent)
    leak = Leak(one, len(probe(recording)["times"]), first, beside, high)
    path = folder / f"{one['leak_id']}.{one['container']}"
    leak.burn(recording, path)
    truth = leak.truth() | {"file": path.name, "recipe": recipe}
    part = stated.with_suffix(".part")
    part.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n")
    part.rename(stated)
    return truth | {"path": path}
