"""Invented gambling brands, a catalogue of most of them, and the pictures of their ads.

Pictures are RGBA arrays, clips give a frame for every moment. Nothing is random that has no seed.
"""

import functools
import json
import math
import random
from dataclasses import dataclass

from measuring import fail, numpy

try:
    from PIL import Image, ImageDraw, ImageFont
except ImportError:
    fail("PIL is missing: apt-get install python3-pil, and run this with /usr/bin/python3")

# Faces of Debian's packages fonts-roboto, fonts-open-sans, fonts-liberation, fonts-noto-core and
# fonts-dejavu; what is not installed is drawn in the last one.
FACES = {"heavy": "Roboto-Black.ttf", "round": "OpenSans-ExtraBold.ttf",
         "narrow": "OpenSans-CondBold.ttf", "plain": "LiberationSans-Bold.ttf",
         "serif": "LiberationSerif-Bold.ttf", "noto": "NotoSans-Bold.ttf",
         "slab": "NotoSerif-Bold.ttf", "light": "Roboto-Medium.ttf",
         "oblique": "DejaVuSans-BoldOblique.ttf", "last": "DejaVuSans-Bold.ttf"}
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


@dataclass(frozen=True)
class Brand:
    id: str
    name: str
    kind: str
    domains: tuple
    promo_codes: tuple
    slogans: tuple
    face: str
    # Ground, letters, emphasis.
    colours: tuple
    sign: str
    creative: str = ""
    in_catalogue: bool = True


BRANDS = [
    Brand("vezuvybet", "Везувий Бет", "sport", ("vezuvybet.example", "vezuvy-zerkalo.example"),
          ("VEZUVY500", "ЛАВА25"), ("Фрибет 500 руб. новичкам", "Ставки на матч вечера",
                                    "Коэффициенты выше всех"),
          "heavy", ((120, 14, 10), WHITE, (255, 170, 30)), "flame", creative="wheel"),
    Brand("lumox", "LUMOX", "casino", ("lumox.example", "lumox-777.example"),
          ("LUMOX200", "SPINLUM"), ("200 free spins on sign-up", "Deposit bonus up to 300%",
                                    "Slots that pay tonight"),
          "round", ((30, 10, 70), (240, 240, 255), (60, 230, 220)), "star"),
    Brand("filin", "Казино Филин", "casino", ("filin-casino.example", "filin24.example"),
          ("ФИЛИН100", "FILIN50"), ("Бонус 150% на первый депозит", "Слоты всю ночь без лимита",
                                    "Фриспины за регистрацию"),
          "slab", ((20, 50, 40), (250, 236, 200), (235, 180, 60)), "owl"),
    Brand("grandville", "Grandville", "casino", ("grandville-slots.example", "gv-play.example"),
          ("GRAND7", "GV300"), ("Welcome bonus 400%", "Jackpot grows every hour",
                                "Live casino 24/7"),
          "serif", ((40, 30, 8), (255, 215, 110), (200, 30, 50)), "crown"),
    Brand("tri-tuza", "ТРИ ТУЗА", "poker", ("tri-tuza.example", "3tuza-club.example"),
          ("TUZ333", "ТУЗ200"), ("Покер и рулетка онлайн", "Выигрыш на карту за 3 минуты",
                                 "Бонус каждому игроку"),
          "plain", ((12, 12, 12), WHITE, (225, 30, 40)), "spade"),
    Brand("betmarlin", "BetMarlin", "sport", ("betmarlin.example", "marlin-bet.example"),
          ("MARLIN10", "FISH88"), ("Place your bets live", "Free bet for every new player",
                                   "Best odds on football"),
          "oblique", ((5, 50, 110), WHITE, (255, 225, 50)), "fish"),
    Brand("kaktus", "Золотой Кактус", "casino", ("zolotoy-kaktus.example", "kaktus-win.example"),
          ("KAKTUS77", "ИГЛА50"), ("77 вращений без депозита", "Джекпот 5 000 000 руб.",
                                   "Крути слоты — забирай бонус"),
          "noto", ((250, 205, 60), (50, 30, 5), (10, 120, 50)), "cactus"),
    Brand("orbit9", "ORBIT 9", "sport", ("orbit9.example", "orbit9-mirror.example"),
          ("ORBIT99", "START9"), ("Ставки на спорт и киберспорт", "Удвоим первый депозит",
                                  "Кэшбэк 20% каждый понедельник"),
          "narrow", ((16, 16, 28), (230, 240, 255), (140, 90, 255)), "ring"),
    Brand("panda-slots", "Панда Слотс", "casino", ("panda-slots.example",), ("PANDA150",),
          ("Бонус 150% и 50 фриспинов", "Казино без верификации"),
          "round", ((245, 245, 245), (20, 20, 20), (20, 160, 90)), "panda", in_catalogue=False),
    Brand("quazzi", "QUAZZI", "casino", ("quazzi.example", "quazzi-win.example"), ("QUAZZI40",),
          ("40 free spins, no deposit", "Casino bonus every day"),
          "heavy", ((200, 20, 120), WHITE, (255, 240, 90)), "bolt", in_catalogue=False),
    Brand("baron", "Барон Ставка", "sport", ("baron-stavka.example",), ("БАРОН300",),
          ("Ставки с бонусом 300%", "Фрибет за регистрацию"),
          "serif", ((60, 10, 60), (255, 225, 160), (255, 160, 40)), "hat", in_catalogue=False),
]
DESIGNS = ("rays", "coins", "wheel", "reels", "pitch")


@functools.lru_cache(None)
def font(face, size):
    for name in (FACES[face], FACES["last"], "DejaVuSans.ttf", "LiberationSans-Regular.ttf"):
        try:
            return ImageFont.truetype(name, max(6, round(size)))
        except OSError:
            continue
    fail("no font: apt-get install fonts-dejavu-core (and fonts-roboto fonts-open-sans "
         "fonts-liberation fonts-noto-core, for other faces)")


def fonts():
    """The faces that are installed, for the results."""
    return sorted({font(face, 20).getname()[0] + " " + font(face, 20).getname()[1]
                   for face in FACES})


def label(text, size, face="last", ink=WHITE, outline=None, most=None):
    """A line of text, cut to its letters; smaller than `size` where it is wider than `most`."""
    stroke = max(1, round(size / 12)) if outline is not None else 0
    used = font(face, size)
    left, top, right, bottom = used.getbbox(text, stroke_width=stroke)
    if most and right - left > most and size > 7:
        return label(text, size * max(0.5, most / (right - left)) * 0.99, face, ink, outline, most)
    picture = Image.new("RGBA", (right - left, bottom - top), (*(outline or ink), 0))
    ImageDraw.Draw(picture).text((-left, -top), text, font=used, fill=(*ink, 255),
                                 stroke_width=stroke, stroke_fill=outline and (*outline, 255))
    return picture


def plate(width, height, colour, radius=0.2, edge=None, alpha=255):
    """A rounded plate, drawn large and reduced so that its edges are smooth."""
    large = Image.new("RGBA", (width * 4, height * 4), (*colour, 0))
    ImageDraw.Draw(large).rounded_rectangle(
        (0, 0, width * 4 - 1, height * 4 - 1), radius * height * 4, (*colour, alpha),
        outline=edge and (*edge, 255), width=max(4, round(height / 18 * 4)) if edge else 0)
    return large.resize((width, height), Image.LANCZOS)


def row(pictures, gap):
    """Pictures beside each other, on one middle."""
    height = max(one.height for one in pictures)
    whole = Image.new("RGBA", (sum(one.width for one in pictures) + gap * (len(pictures) - 1),
                               height))
    x = 0
    for one in pictures:
        whole.paste(one, (x, (height - one.height) // 2))
        x += one.width + gap
    return whole


def on_plate(picture, colour, pad, **options):
    ground = plate(picture.width + 2 * pad, picture.height + 2 * pad, colour, **options)
    ground.alpha_composite(picture, (pad, pad))
    return ground


def star(points, inner, middle=(50, 50), radius=46):
    return [(middle[0] + radius * (1, inner)[i % 2] * math.sin(i * math.pi / points),
             middle[1] - radius * (1, inner)[i % 2] * math.cos(i * math.pi / points))
            for i in range(2 * points)]


def icon(brand, size):
    """The brand's sign on a disc, on a field of 100 by 100."""
    ground, ink, emphasis = brand.colours
    large = Image.new("RGBA", (400, 400))
    draw = ImageDraw.Draw(large)

    def shape(points, fill):
        draw.polygon([(x * 4, y * 4) for x, y in points], fill=(*fill, 255))

    def oval(x, y, rx, ry, fill):
        draw.ellipse(((x - rx) * 4, (y - ry) * 4, (x + rx) * 4, (y + ry) * 4), fill=(*fill, 255))

    oval(50, 50, 49, 49, emphasis)
    oval(50, 50, 44, 44, ground)
    if brand.sign == "flame":
        shape([(50, 12), (66, 36), (62, 46), (76, 42), (74, 70), (50, 86), (26, 70), (28, 48),
               (40, 54)], emphasis)
        shape([(50, 46), (60, 66), (50, 80), (40, 66)], ink)
    elif brand.sign == "star":
        shape(star(4, 0.3, radius=42), emphasis)
        shape(star(4, 0.3, radius=22), ink)
    elif brand.sign == "owl":
        shape([(20, 16), (40, 28), (60, 28), (80, 16), (80, 72), (50, 90), (20, 72)], emphasis)
        for x in (36, 64):
            oval(x, 46, 14, 14, ink)
            oval(x, 46, 6, 7, ground)
        shape([(50, 54), (58, 64), (50, 74), (42, 64)], ground)
    elif brand.sign == "crown":
        shape([(16, 34), (34, 50), (50, 20), (66, 50), (84, 34), (76, 74), (24, 74)], ink)
        for x, y in ((16, 32), (50, 18), (84, 32)):
            oval(x, y, 5, 5, emphasis)
    elif brand.sign == "spade":
        shape([(50, 12), (78, 48), (22, 48)], ink)
        oval(35, 54, 15, 15, ink)
        oval(65, 54, 15, 15, ink)
        shape([(50, 52), (60, 86), (40, 86)], emphasis)
    elif brand.sign == "fish":
        oval(46, 52, 30, 16, emphasis)
        shape([(70, 52), (90, 34), (86, 70)], emphasis)
        shape([(40, 38), (60, 16), (58, 40)], ink)
        shape([(18, 50), (4, 46), (18, 56)], ink)
        oval(30, 49, 3, 3, ground)
    elif brand.sign == "cactus":
        draw.line([(50 * 4, 88 * 4), (50 * 4, 22 * 4)], (*emphasis, 255), 64)
        draw.line([(26 * 4, 38 * 4), (26 * 4, 60 * 4), (50 * 4, 60 * 4)], (*emphasis, 255), 44)
        draw.line([(74 * 4, 30 * 4), (74 * 4, 50 * 4), (50 * 4, 50 * 4)], (*emphasis, 255), 44)
        oval(50, 22, 8, 8, ink)
    elif brand.sign == "ring":
        oval(50, 50, 22, 22, emphasis)
        draw.ellipse((6 * 4, 36 * 4, 94 * 4, 66 * 4), outline=(*ink, 255), width=20)
        oval(86, 42, 6, 6, ink)
    elif brand.sign == "panda":
        for x in (26, 74):
            oval(x, 26, 13, 13, ink)
        oval(50, 54, 32, 29, WHITE)
        for x in (37, 63):
            oval(x, 50, 9, 11, ink)
            oval(x, 49, 3, 3, WHITE)
        oval(50, 66, 6, 4, ink)
    elif brand.sign == "hat":
        shape([(32, 18), (68, 18), (66, 56), (34, 56)], ink)
        shape([(33, 44), (67, 44), (66, 54), (34, 54)], emphasis)
        oval(50, 58, 34, 6, ink)
        for x in (40, 60):
            oval(x, 76, 13, 6, emphasis)
    elif brand.sign == "bolt":
        shape([(58, 10), (26, 56), (46, 56), (40, 90), (74, 40), (52, 40)], emphasis)
    return large.resize((round(size), round(size)), Image.LANCZOS)


def word(brand, size, most=None, ink=None, outline=None):
    return label(brand.name, size, brand.face, ink or brand.colours[1], outline, most)


def sign_plate(brand, size):
    """Icon and name on a plate of the brand's colour."""
    inside = row([icon(brand, size * 1.3), word(brand, size)], round(size * 0.3))
    return on_plate(inside, brand.colours[0], round(size * 0.3), edge=brand.colours[2])


def write_catalogue(folder, encode):
    """brands.json, logos and clips of the brands in the catalogue; `encode(frames, path)` writes a
    clip. Gives the catalogue's file."""
    listed = []
    for brand in (one for one in BRANDS if one.in_catalogue):
        own = folder / brand.id
        own.mkdir(parents=True, exist_ok=True)
        word(brand, 96).save(own / "word.png")
        icon(brand, 200).save(own / "icon.png")
        sign_plate(brand, 96).save(own / "plate.png")
        entry = {"id": brand.id, "name": brand.name, "kind": brand.kind,
                 "logos": [f"{brand.id}/{name}.png" for name in ("word", "icon", "plate")],
                 "domains": list(brand.domains), "promo_codes": list(brand.promo_codes),
                 "texts": [brand.name, *brand.slogans]}
        if brand.creative:
            entry["creatives"] = [f"{brand.id}/clip.mp4"]
            if not (own / "clip.mp4").exists():
                encode(creative(brand, 640, 360), own / "clip.mp4")
        listed.append(entry)
    path = folder / "brands.json"
    path.write_text(json.dumps({"brands": listed}, ensure_ascii=False, indent=1) + "\n")
    return path


def creative(brand, width, height):
    """The clip that the catalogue knows of a brand."""
    return Clip(brand, brand.creative, width, height, 7.0, 1, brand.domains[0],
                brand.promo_codes[0], brand.slogans[0])


class Clip:
    """An animated clip that fills the frame: a moving ground, and lines that come one by one."""

    def __init__(self, brand, design, width, height, length, seed, domain, code, slogan):
        self.brand, self.design, self.length = brand, design, length
        self.width, self.height = width, height
        self.urls, self.codes = [domain], [code]
        self.random = random.Random(seed)
        self.specks = [(self.random.random(), self.random.random(), self.random.uniform(0.4, 1.2))
                       for _ in range(40)]
        # The wheel and the reels stand left, and the lines beside them.
        self.middle = 0.68 if design in ("wheel", "reels") else 0.5
        room = width * (0.58 if self.middle > 0.5 else 0.86)
        ground, ink, emphasis = brand.colours
        prefix = ("Промокод", "ПРОМОКОД:", "Promo code", "Код:")[seed % 4]
        self.texts = [brand.name, slogan, domain, f"{prefix} {code}"]
        dark = sum(ground) < 380
        loud = emphasis if dark else ground
        lines = [
            (0.2, 0.22, row([icon(brand, height * 0.2), word(
                brand, height * 0.14, room * 0.7, outline=None if not dark else BLACK)],
                round(height * 0.03))),
            (0.14 * length, 0.47, label(slogan, height * 0.085, brand.face, ink, most=room)),
            (0.28 * length, 0.64, on_plate(label(
                domain, height * 0.085, "plain", BLACK if sum(loud) > 330 else WHITE,
                most=room * 0.9), loud, round(height * 0.025))),
            (0.42 * length, 0.83, label(f"{prefix} {code}", height * 0.085, "heavy", ink,
                                        BLACK if sum(ink) > 380 else WHITE, most=room)),
        ]
        self.lines = [(start, y, picture) for start, y, picture in lines]
        shade = numpy.linspace(1.25, 0.6, height)[:, None, None]
        self.ground = Image.fromarray(numpy.broadcast_to(
            numpy.clip(numpy.array(ground) * shade + 12, 0, 255),
            (height, width, 3)).astype(numpy.uint8))

    def frame(self, t):
        picture = self.ground.copy()
        getattr(self, self.design)(picture, ImageDraw.Draw(picture), t)
        for start, y, line in self.lines:
            share = min(1.0, (t - start) / 0.35)
            if share < 0:
                continue
            drop = round((1 - share) ** 2 * self.height * 0.15)
            x = round(self.middle * self.width - line.width / 2)
            picture.paste(line, (x, round(y * self.height - line.height / 2) + drop),
                          line if share == 1 else line.getchannel("A").point(
                              lambda value, share=share: round(value * share)))
        return numpy.asarray(picture)

    def rays(self, picture, draw, t):
        far, light = self.width, tuple(min(255, one + 40) for one in self.brand.colours[0])
        x, y = self.width / 2, self.height / 2
        for ray in range(12):
            angle = ray * math.pi / 6 + t * 0.5
            draw.polygon([(x, y), *((x + far * math.cos(a), y + far * math.sin(a))
                                    for a in (angle, angle + math.pi / 12))], fill=light)

    def coins(self, picture, draw, t):
        for x, y, speed in self.specks:
            size = self.height * 0.05 * speed
            y = ((y + t * 0.35 * speed) % 1.2 - 0.1) * self.height
            wide = size * abs(math.cos(t * 4 * speed + x * 9)) + 1
            x *= self.width
            draw.ellipse((x - wide, y - size, x + wide, y + size), fill=(235, 185, 50),
                         outline=(150, 100, 10), width=2)

    def wheel(self, picture, draw, t):
        radius, x, y = self.height * 0.36, self.width * 0.2, self.height * 0.52
        turn = 300 * t - 16 * t * t
        colours = (self.brand.colours[2], (235, 235, 235), (190, 30, 40), (30, 30, 60))
        for part in range(12):
            draw.pieslice((x - radius, y - radius, x + radius, y + radius),
                          turn + part * 30, turn + part * 30 + 30, fill=colours[part % 4])
        hub = radius * 0.2
        draw.ellipse((x - hub, y - hub, x + hub, y + hub), fill=(250, 210, 80))
        draw.polygon([(x - hub / 2, y - radius * 1.1), (x + hub / 2, y - radius * 1.1),
                      (x, y - radius * 0.9)], fill=WHITE)

    def reels(self, picture, draw, t):
        side, gap = round(self.height * 0.2), round(self.height * 0.02)
        for reel in range(3):
            left = round(self.width * 0.035) + reel * (side - gap)
            draw.rectangle((left, self.height * 0.2, left + side - 2 * gap, self.height * 0.8),
                           fill=(245, 245, 240), outline=(200, 150, 40), width=3)
            stop = self.length * (0.3 + 0.15 * reel)
            place = (min(t, stop) * (3.1 + reel * 0.4)) % 6
            for index in range(-1, 4):
                y = self.height * (0.3 + 0.2 * (index + place % 1))
                if not 0.27 * self.height < y < 0.75 * self.height:
                    continue
                self.symbol(draw, int(place - index) % 3, left + side / 2 - gap, y, side * 0.3)

    @staticmethod
    def symbol(draw, number, x, y, size):
        if number == 0:
            draw.ellipse((x - size, y - size, x + size, y + size), fill=(210, 20, 40))
        elif number == 1:
            draw.polygon(star(5, 0.45, (x, y), size), fill=(240, 180, 20))
        else:
            used = font("heavy", size * 2)
            left, top, right, bottom = used.getbbox("7")
            draw.text((x - (left + right) / 2, y - (top + bottom) / 2), "7", font=used,
                      fill=(180, 0, 60))

    def pitch(self, picture, draw, t):
        step = self.width / 8
        for stripe in range(-1, 9):
            x = stripe * step + (t * 30) % (2 * step) - step
            if stripe % 2:
                draw.rectangle((x, self.height * 0.55, x + step, self.height), fill=(20, 95, 40))
            else:
                draw.rectangle((x, self.height * 0.55, x + step, self.height), fill=(26, 115, 50))
        size = self.height * 0.05
        x = (t * 0.35 % 1.2 - 0.1) * self.width
        y = self.height * (0.92 - 0.3 * abs(math.sin(t * 3)))
        draw.ellipse((x - size, y - size, x + size, y + size), fill=WHITE, outline=BLACK, width=2)
        draw.polygon(star(5, 0.8, (x, y), size * 0.4), fill=BLACK)


def corner_looks(brand, height, style, domain, code):
    """What stands in a corner: one sign, or signs, code and address in turn. Gives pictures and
    the texts, addresses and codes in them."""
    size = height * 0.055
    if style != "in turn":
        sign = row([icon(brand, size * 1.8), word(brand, size * 1.2, outline=BLACK
                                                  if sum(brand.colours[1]) > 380 else WHITE)],
                   round(size * 0.3)) if style == "bare" else sign_plate(brand, size)
        return [sign], [brand.name], [], []
    dark = brand.colours[0]
    looks = [sign_plate(brand, size),
             on_plate(label(f"ПРОМОКОД {code}", size, "heavy", brand.colours[1]), dark,
                      round(size * 0.4)),
             on_plate(label(domain, size, "plain", brand.colours[1]), dark, round(size * 0.4))]
    texts = [brand.name, f"ПРОМОКОД {code}", domain]
    if not brand.in_catalogue:
        # Only words of the trade can tell that an unknown brand gambles.
        looks.append(on_plate(label(brand.slogans[0], size * 0.9, "noto", brand.colours[1]), dark,
                              round(size * 0.4)))
        texts.append(brand.slogans[0])
    return looks, texts, [domain], [code]


def banner(brand, width, height, domain, code, slogan):
    tall, wide = round(height * 0.14), round(width * 0.88)
    ground, ink, emphasis = brand.colours
    picture = plate(wide, tall, ground, 0.12, emphasis)
    sign = icon(brand, tall * 0.8)
    picture.alpha_composite(sign, (round(tall * 0.15), round(tall * 0.1)))
    left = round(tall * 1.1)
    picture.alpha_composite(word(brand, tall * 0.36, wide * 0.3), (left, round(tall * 0.13)))
    picture.alpha_composite(label(slogan, tall * 0.27, "noto", ink, most=wide * 0.5),
                            (left, round(tall * 0.58)))
    button = on_plate(label(domain, tall * 0.29, "plain", BLACK if sum(emphasis) > 330 else WHITE,
                            most=wide * 0.28), emphasis, round(tall * 0.08))
    picture.alpha_composite(button, (wide - button.width - round(tall * 0.2), round(tall * 0.06)))
    line = label(f"Промокод {code}", tall * 0.28, "heavy", ink, most=wide * 0.3)
    picture.alpha_composite(line, (wide - line.width - round(tall * 0.25), round(tall * 0.6)))
    return picture


def popup(brand, width, height, domain, code, slogan):
    wide, tall = round(width * 0.36), round(height * 0.34)
    ground, ink, emphasis = brand.colours
    picture = plate(wide, tall, ground, 0.08, emphasis)
    for y, line in ((0.05, row([icon(brand, tall * 0.24), word(brand, tall * 0.16, wide * 0.62)],
                               round(tall * 0.05))),
                    (0.38, label(slogan, tall * 0.125, "noto", ink, most=wide * 0.88)),
                    (0.56, label(f"КОД {code}", tall * 0.14, "heavy", emphasis if sum(ground) < 380
                                 else ink, most=wide * 0.88)),
                    (0.76, on_plate(label(domain, tall * 0.12, "plain", ground, most=wide * 0.8),
                                    ink, round(tall * 0.03)))):
        picture.alpha_composite(line, ((wide - line.width) // 2, round(tall * y)))
    cross = label("×", tall * 0.12, "last", ink)
    picture.alpha_composite(cross, (wide - cross.width - round(tall * 0.05), round(tall * 0.05)))
    return picture


def ticker_text(brand, domain, code):
    return (f"{brand.name}  •  {brand.slogans[0]}  •  {domain}  •  промокод {code}  •  "
            f"{brand.slogans[1]}")


def bar_row(brand, width, tall, domain, code):
    ink = brand.colours[1] if sum(brand.colours[1]) > 380 else brand.colours[0]
    return row([icon(brand, tall * 0.8),
                word(brand, tall * 0.42, width * 0.3, ink=ink),
                label(domain, tall * 0.4, "plain", WHITE, most=width * 0.3),
                label(f"промокод {code}", tall * 0.4, "light", (255, 220, 70), most=width * 0.3)],
               round(tall * 0.35))


def exit_sign(width):
    """The lit sign over a door, as it glows beside a screen."""
    tall = round(width * 0.5)
    picture = plate(width, tall, (10, 150, 60), 0.1, (140, 255, 170))
    line = label("ВЫХОД", tall * 0.45, "plain", (230, 255, 235), most=width * 0.8)
    picture.alpha_composite(line, ((width - line.width) // 2, (tall - line.height) // 2))
    return picture


def credits(width, lines):
    size = width * 0.035
    drawn = [label(line, size * (0.8 if index % 2 == 0 else 1.1), "serif")
             for index, line in enumerate(lines)]
    picture = Image.new("RGBA", (width, round(size * 2 * len(lines))))
    for index, line in enumerate(drawn):
        picture.alpha_composite(line, ((width - line.width) // 2, round(index * size * 2)))
    return picture


def channel_logo(name, size):
    letters = label(name, size, "round", WHITE)
    disc = plate(round(size * 1.3), round(size * 1.3), (40, 90, 200), 0.5)
    return row([disc, letters], round(size * 0.3))
