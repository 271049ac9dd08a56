"""Recordings of films with everything that may be drawn over a picture but no ad for gambling: hard
subtitles, a channel's logo, a group's stamp, credits. For counting false ads over hours.

Made by ffmpeg alone, at half the frames of a film, so that ten hours take an hour to make. Each way of
recording a film has its own seat, lens, light, noise, size and drawings, all of a seed.
"""

import random

import advertising
import burning
from measuring import ffmpeg

FPS = "25/2"
SIZES = [(640, 360), (854, 480), (640, 360)]
CHANNELS = ["Канал 9", "КИНО ТВ", "PREMIER", "Sunday TV", "ПЯТЫЙ", "Nova"]
LINES = burning.SUBTITLES + [
    "Where did you put the money?", "— Сколько там было?\n— Двести тысяч.", "Хватит играть со мной.",
    "I bet you never saw that coming.", "Сегодня у нас гости, накрывай на стол.",
    "You can win this. I know you can.", "Бонусом получишь её старую машину.", "Это не игра, Виктор.",
    "Приз зрительских симпатий уходит к нам.", "He left the casino at midnight.",
    "Регистрация гостей — в холле.", "Сто двадцать на вокзале, сто — здесь.", "[музыка играет]",
    "Позвони мне: 8 495 000-11-22.", "Промокод? Какой ещё промокод?", "We lost the whole deposit."]


class Way:
    """How one film is recorded, and what is drawn over it."""

    def __init__(self, film, number):
        dice = random.Random(f"unadvertised {film['name']} {number}")
        self.film, self.number, self.dice = film, number, dice
        self.width, self.height = dice.choice(SIZES)
        self.drawn = dice.sample(["subtitles", "channel", "stamp", "credits", ""], 2)

    def camera(self):
        dice = self.dice
        steps = [f"scale={self.width}:{self.height}:flags=area,setsar=1"]
        if dice.random() < 0.15:
            steps.append("hflip")
        if dice.random() < 0.6:
            place = [dice.uniform(0, 0.07) for _ in range(8)]
            steps.append("perspective=x0=W*{:.4f}:y0=H*{:.4f}:x1=W*(1-{:.4f}):y1=H*{:.4f}:x2=W*{:.4f}"
                         ":y2=H*(1-{:.4f}):x3=W*(1-{:.4f}):y3=H*(1-{:.4f}):sense=destination"
                         .format(*place))
        steps.append(f"gblur=sigma={dice.uniform(0.3, 1.6):.2f}")
        steps.append(f"eq=brightness={dice.uniform(-0.12, 0.02):.3f}:contrast={dice.uniform(0.6, 1):.3f}"
                     f":gamma={dice.uniform(0.75, 1.1):.3f}")
        steps.append(f"noise=c0_strength={dice.randrange(3, 14)}:c0_flags=t")
        return ",".join(steps)

    def shown(self, folder):
        """The film as the cinema shows it, at the rate and the largest size of a recording: decoded once
        for all ways."""
        path = folder / f"{self.film['name']}.mp4"
        if not path.exists():
            part = path.with_suffix(".part.mp4")
            width, height = SIZES[1]
            ffmpeg("-threads", "1", "-i", self.film["path"], "-vf",
                   f"fps={FPS},scale={width}:{height}:flags=area,setsar=1,format=yuv420p", "-an",
                   "-c:v", "libx264", "-preset", "ultrafast", "-crf", "8", "-threads", "1", part)
            part.rename(path)
        return path

    def drawings(self, folder):
        """Pictures to lay over the film, with where and when."""
        dice, width, height = self.dice, self.width, self.height
        found = []
        if "subtitles" in self.drawn:
            at = dice.uniform(0.3, 2)
            while at < self.film["duration"] - 1:
                length = dice.uniform(1.2, 4)
                lines = dice.choice(LINES).split("\n")
                for row, line in enumerate(reversed(lines)):
                    found.append((advertising.label(line, height * 0.055, "light", outline=(0, 0, 0),
                                                    most=width * 0.9),
                                  "(W-w)/2", f"H*0.93-h-{round(row * height * 0.07)}", at, at + length))
                at += length + dice.uniform(0.2, 3)
        if "channel" in self.drawn:
            sign = advertising.channel_logo(dice.choice(CHANNELS), height * 0.05)
            sign.putalpha(sign.getchannel("A").point(lambda a, o=dice.uniform(0.4, 1): int(a * o)))
            found.append((sign, dice.choice(["W*0.04", "W*0.96-w"]), "H*0.06", 0, 1e6))
        if "stamp" in self.drawn:
            text = dice.choice(burning.STAMPS + burning.TEXTS)
            found.append((advertising.label(text, height * 0.04, "plain"), "W*0.05", "H*0.88",
                          0, dice.choice([5, 1e6])))
        if "credits" in self.drawn:
            roll = advertising.credits(width, burning.CREDITS)
            start = max(0, self.film["duration"] - 12)
            found.append((roll, "(W-w)/2", f"H-(t-{start:.2f})*H/5", start, 1e6))
        inputs = []
        for index, (picture, *_) in enumerate(found):
            file = folder / f"drawn-{index}.png"
            picture.save(file)
            inputs += ["-i", file]
        return inputs, found

    def record(self, path, folder):
        if path.exists():
            return
        folder.mkdir(parents=True, exist_ok=True)
        inputs, found = self.drawings(folder)
        graph = [f"[0:v]{self.camera()},format=yuv420p,setpts=PTS-STARTPTS[v0]"]
        for index, (_, x, y, start, end) in enumerate(found):
            graph.append(f"[v{index}][{index + 1}:v]overlay=x='{x}':y='{y}':"
                         f"enable='between(t,{start:.2f},{end:.2f})':format=yuv420[v{index + 1}]")
        graph.append(f"[v{len(found)}]null[out]")
        part = path.with_suffix(f".part{path.suffix}")
        ffmpeg("-threads", "1", "-i", self.shown(folder), *inputs, "-filter_threads", "1",
               "-filter_complex_threads", "1", "-filter_complex", ";".join(graph), "-map", "[out]",
               "-an", "-c:v", "libx264", "-preset", "superfast", "-crf", "27", "-threads", "1", part)
        part.rename(path)
