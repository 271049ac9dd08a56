"""One thing at a time that a cinema, a camera or a release group does to a picture.

Each entry of `DEGRADATIONS` gives for a film and a strength (0 weak, 1 strong) a `Degradation`: a
filter graph of ffmpeg from [0:v] to [out], the true map of time and, where it follows from the
graph, of the plane: homographies from the film's unit square to the leak's. Nothing is random that
has no fixed seed.
"""

import math
from dataclasses import dataclass, field

import numpy

import patterns

WIDTH, HEIGHT = 640, 360
# Dark border that moves with the picture, so that what lies outside it is dark and not its edge.
BORDER = 4


@dataclass
class Degradation:
    filters: str
    # (leak second, homography or None): valid from that second on.
    geometry: list = field(default_factory=lambda: [(0.0, numpy.eye(3))])
    # Film seconds per leak second.
    speed: float = 1.0
    encoder: list = field(default_factory=lambda: ["-crf", "20"])
    inputs: list = field(default_factory=list)
    # A function that gives film seconds, from the clip's start, of a leak second; else `speed`.
    time: object = None
    output: list = field(default_factory=list)


def homography(corners):
    """From the unit square (upper left, upper right, lower left, lower right) to four points."""
    rows, values = [], []
    for (x, y), (u, v) in zip([(0, 0), (1, 0), (0, 1), (1, 1)], corners):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return numpy.append(numpy.linalg.solve(numpy.array(rows, float), values), 1.0).reshape(3, 3)


def apply(matrix, x, y):
    u, v, w = matrix @ [x, y, 1.0]
    return u / w, v / w


def place(corners, width=WIDTH, height=HEIGHT):
    """Filters that put the picture's corners to the given points of the frame (in its unit square),
    dark outside, and the homography. The picture is scaled into a dark border and the frame's
    corners go where the homography takes them."""
    wanted = homography(corners)
    inner = numpy.diag([1 - 2 * BORDER / width, 1 - 2 * BORDER / height, 1.0])
    inner[:2, 2] = BORDER / width, BORDER / height
    frame = wanted @ numpy.linalg.inv(inner)
    points = [apply(frame, x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
    options = ":".join(f"x{i}={x * width:.4f}:y{i}={y * height:.4f}"
                       for i, (x, y) in enumerate(points))
    return (f"scale={width - 2 * BORDER}:{height - 2 * BORDER}:flags=bicubic,setsar=1,"
            f"pad={width}:{height}:{BORDER}:{BORDER}:color=0x060606,"
            f"perspective={options}:sense=destination:interpolation=cubic"), wanted


def rectangle(x, y, w, h):
    return [(x, y), (x + w, y), (x, y + h), (x + w, y + h)]


def about(share, dx=0.0, dy=0.0):
    """A rectangle of a share of the frame, off its middle."""
    return rectangle((1 - share) / 2 + dx, (1 - share) / 2 + dy, share, share)


def turned(degrees, share):
    angle, points = math.radians(degrees), []
    for x, y in about(share):
        x, y = (x - 0.5) * WIDTH, (y - 0.5) * HEIGHT
        points.append((0.5 + (x * math.cos(angle) - y * math.sin(angle)) / WIDTH,
                       0.5 + (x * math.sin(angle) + y * math.cos(angle)) / HEIGHT))
    return points


def placed(corners, more="", **named):
    filters, matrix = place(corners)
    return Degradation(f"[0:v]{filters}{more}[out]", [(0.0, matrix)], **named)


def plain(film):
    return f"[0:v]scale={WIDTH}:{HEIGHT}:flags=bicubic,setsar=1"


def toned(film, filters, **named):
    return Degradation(f"{plain(film)},{filters}[out]", **named)


def keystone(share):
    return [(0.01, 0.0), (0.99, share), (0.04, 1.0), (0.97, 1.0 - share * 0.7)]


def barrel(film, strength):
    # lenscorrection takes a pixel from (1 + k r^2) times its distance from the middle, r in halves
    # of the diagonal. With positive k it squeezes the outside: a barrel.
    k = (0.10, 0.22)[strength]
    x, y = numpy.meshgrid(numpy.linspace(0.02, 0.98, 25), numpy.linspace(0.02, 0.98, 25))
    dx, dy = (x - 0.5) * WIDTH, (y - 0.5) * HEIGHT
    factor = 1 + k * (dx ** 2 + dy ** 2) / ((WIDTH / 2) ** 2 + (HEIGHT / 2) ** 2)
    # The dark edge of two points takes a little of the frame.
    fx = 0.5 + dx * factor * (WIDTH + 4) / WIDTH ** 2
    fy = 0.5 + dy * factor * (HEIGHT + 4) / HEIGHT ** 2
    inside = (fx >= 0) & (fx <= 1) & (fy >= 0) & (fy <= 1)
    matrix = fit(fx[inside], fy[inside], x[inside], y[inside])
    return toned(film, f"pad=iw+4:ih+4:2:2:color=0x060606,scale={WIDTH}:{HEIGHT},"
                 f"lenscorrection=k1={k}:k2=0:i=bilinear", geometry=[(0.0, matrix)])


def fit(x, y, u, v):
    """The homography that a distorted picture is nearest to, by the direct linear transform."""
    zero, one = numpy.zeros_like(x), numpy.ones_like(x)
    rows = numpy.concatenate([
        numpy.stack([x, y, one, zero, zero, zero, -u * x, -u * y, -u], 1),
        numpy.stack([zero, zero, zero, x, y, one, -v * x, -v * y, -v], 1)])
    return numpy.linalg.svd(rows)[2][-1].reshape(3, 3)


def in_halves(first, second, at, mirror_second=False):
    """Two framings, one after the other; the frame that begins the second is the first at `at`."""
    a, first_matrix = place(first)
    b, second_matrix = place(second)
    if mirror_second:
        b = "hflip," + b
        second_matrix = second_matrix @ MIRROR
    return Degradation(
        f"[0:v]split[a][b];[a]trim=end={at},{a}[c];[b]trim=start={at},{b}[d];"
        f"[c]setpts=PTS-STARTPTS[e];[d]setpts=PTS-STARTPTS[f];[e][f]concat=n=2[out]",
        [(0.0, first_matrix), (at, second_matrix)])


MIRROR = numpy.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]])


def shaken(film, strength):
    amount = (6, 14)[strength]
    wide, high = WIDTH + 2 * amount, HEIGHT + 2 * amount
    x = f"{amount}+{amount}*0.6*sin(t*3.1)+{amount}*0.4*sin(t*9.7+1)"
    y = f"{amount}+{amount}*0.6*sin(t*2.3+2)+{amount}*0.4*sin(t*11.3)"
    geometry = []
    for index in range(2000):
        t = index * 0.05
        left = amount + amount * 0.6 * math.sin(t * 3.1) + amount * 0.4 * math.sin(t * 9.7 + 1)
        top = amount + amount * 0.6 * math.sin(t * 2.3 + 2) + amount * 0.4 * math.sin(t * 11.3)
        geometry.append((t, numpy.array([[wide / WIDTH, 0, -left / WIDTH],
                                         [0, high / HEIGHT, -top / HEIGHT], [0, 0, 1]])))
    return Degradation(f"[0:v]scale={wide}:{high}:flags=bicubic,setsar=1,"
                       f"crop={WIDTH}:{HEIGHT}:x='{x}':y='{y}':exact=1[out]", geometry)


def boxed(width, height, inner_width, inner_height):
    """The picture between bars in a frame of another ratio."""
    x, y = (width - inner_width) // 2, (height - inner_height) // 2
    matrix = numpy.diag([inner_width / width, inner_height / height, 1.0])
    matrix[:2, 2] = x / width, y / height
    return Degradation(f"[0:v]scale={inner_width}:{inner_height}:flags=bicubic,setsar=1,"
                       f"pad={width}:{height}:{x}:{y}[out]", [(0.0, matrix)])


def posted(film, strength):
    """In a telephone's frame with captions above and below, on black or on a blurred copy."""
    width, height, inner, y = 360, 640, 202, 190
    matrix = numpy.diag([1.0, inner / height, 1.0])
    matrix[1, 2] = y / height
    ground = ("drawbox=color=0x101010:t=fill", "boxblur=12:2")[strength]
    text = "fontcolor=white:borderw=2:x=(w-tw)/2"
    return Degradation(
        f"[0:v]split[a][b];[a]scale={width}:{height}:flags=bilinear,setsar=1,{ground}[c];"
        f"[b]scale={width}:{inner}:flags=bicubic,setsar=1[d];[c][d]overlay=0:{y},"
        f"drawtext=text='Best scene ever':fontsize=34:y=110:{text},"
        f"drawtext=text='watch it all - link below':fontsize=24:y=430:{text}[out]",
        [(0.0, matrix)])


def squeezed(film, strength):
    """Stored with wrong sides, and a pixel aspect in the file that does not undo it."""
    width, height, aspect = ((480, 360, "16/11"), (360, 360, "9/16"))[strength]
    return Degradation(f"[0:v]scale={width}:{height}:flags=bicubic,setsar={aspect}[out]")


def sped(film, speed, fps=25):
    return toned(film, f"setpts=PTS/{speed:.8f},fps={fps}", speed=speed)


def pal(film, strength):
    """24 frames a second shown as 25 or 26: no frame is lost."""
    fps = (25, 26)[strength]
    return toned(film, f"fps=24,setpts=N/{fps}/TB,fps={fps}", speed=fps / 24)


def dropped(film, strength):
    """Frames lost and replaced by the one before; strongly, half a second at once as well."""
    share = (0.05, 0.20)[strength]
    still = "*not(between(mod(t,7),3,3.5))" if strength else ""
    # With the first frame dropped the file would begin later.
    return toned(film, f"select='eq(n,0)+gt(random(1),{share}){still}',fps={film['fps']:.6f}")


def doubled(film, strength):
    """Frames written twice without a time of their own: the recording runs slow, unevenly."""
    every = (60, 15)[strength]
    rate = film["fps"]

    def film_time(t):
        # Of each `every` + 1 frames of the leak two are the same.
        frame = int(t * rate + 1e-6)
        return (frame - (frame + 1) // (every + 1)) / rate

    return toned(film, f"split[p][q];[q]select='eq(mod(n,{every}),{every - 1})',"
                 f"setpts=PTS+0.5/{rate:.6f}/TB[r];[p][r]interleave,setpts=N/{rate:.6f}/TB,"
                 f"fps={rate:.6f}", speed=every / (every + 1), time=film_time)


def overlays(film, strength):
    texts = ("BEST ODDS", "CASINO 777 BONUS", "playtoday.example")
    strip = (0.08, 0.20)[strength]
    low = int(HEIGHT * (1 - strip))
    filters = (f"drawbox=x=0:y={low}:w=iw:h=ih-{low}:color=0x902010:t=fill,"
               f"drawtext=text='{texts[0]} {texts[2]}':fontcolor=white:fontsize={int(26 + 20 * strength)}"
               f":x='w-mod(t*60,w+tw)':y={low + 4},"
               "drawbox=x=500:y=10:w=130:h=50:color=0x106020:t=fill,"
               f"drawtext=text='{texts[1][:10]}':fontcolor=yellow:fontsize=20:x=505:y=25")
    if strength:
        filters += (f",drawbox=x=0:y=0:w=iw:h={int(HEIGHT * 0.15)}:color=0x101060:t=fill,"
                    f"drawtext=text='{texts[1]}':fontcolor=white:fontsize=34:x='mod(t*90,w)':y=8,"
                    "drawbox=x=200:y=140:w=240:h=90:color=black@0.6:t=fill:enable='lt(mod(t,6),2)'")
    return toned(film, filters)


def subtitles(film, strength):
    lines = ["I have been waiting here for you", "WHERE DID THEY GO LAST NIGHT?",
             "Nobody knows, and nobody asks", "Then we must find it ourselves"]
    size, filters = (20, 34)[strength], []
    for row in range(1 + strength):
        for index, line in enumerate(lines):
            filters.append(
                f"drawtext=text='{line}':fontcolor=white:borderw=2:fontsize={size}:x=(w-tw)/2"
                f":y=h-{(size + 6) * (row + 1) + 8}:enable='eq(mod(floor(t/3+{row}),4),{index})'")
    return toned(film, ",".join(filters))


def heads(film, strength):
    return Degradation(
        f"{plain(film)}[v];[1:v]format=rgba[h];[v][h]overlay=x='{patterns.HEADS_X}'"
        f":y='{patterns.HEADS_Y}':shortest=1,format=yuv420p[out]",
        inputs=["-loop", "1", "-framerate", "25", "-i", patterns.heads(film['work'], strength)])


def moire(film, strength):
    filters, matrix = place(keystone(0.04))
    return Degradation(
        f"[0:v]{filters},format=gbrp[v];[1:v]crop={WIDTH}:{HEIGHT}:x='20+12*sin(t*1.7)'"
        f":y='20+12*sin(t*1.1)',format=gbrp[m];[v][m]blend=all_mode=multiply:shortest=1,"
        "format=yuv420p[out]", [(0.0, matrix)],
        inputs=["-loop", "1", "-framerate", "25", "-i", patterns.moire(film['work'], WIDTH, HEIGHT, strength)])


def exposure(film, strength):
    low, high, steps = ((0.75, 0.25, ""), (0.6, 0.5, ",eq=contrast='0.8+0.3*lt(mod(t,4),0.6)'"
                                           ":brightness='0.15*lt(mod(t,4),0.6)':eval=frame"))[strength]
    return toned(film, f"eq=gamma='{low}+{high}*(1+sin(t*1.6))':eval=frame{steps},"
                 "lutyuv=y='clip(val,0,235)',eq=brightness='0.03*sin(t*25)':eval=frame")


def levels(expression, more=""):
    return f"lutyuv=y='clip({expression},16,235)'{more}"


def cam(film, strength):
    """Several at once, as a recording from a seat has them."""
    corners = (turned(1.0, 0.85), keystone(0.12))[strength]
    sigma, noise, dim = ((1.2, 12, 0.75), (2.5, 25, 0.45))[strength]
    return placed(corners, f",fps={('25', '30000/1001')[strength]},gblur=sigma={sigma},"
                  + levels(f"16+(val-16)*{dim}") + f",noise=alls={noise}:allf=t:all_seed=7",
                  encoder=["-b:v", ("500k", "300k")[strength]])


def group(film, strength):
    """A group's work upon a camera's: mirrored, sped up, letterboxed, subtitled, squeezed."""
    filters, matrix = place(about(1.06 + 0.06 * strength, 0.02, -0.02))
    speed = (1.02, 25 / 24)[strength]
    bars = numpy.diag([1.0, 0.75, 1.0])
    bars[1, 2] = 0.125
    return Degradation(
        f"[0:v]{'hflip,' if strength else ''}{filters},setpts=PTS/{speed:.8f},fps=25,"
        f"pad={WIDTH}:{HEIGHT * 4 // 3}:0:{HEIGHT // 6},gblur=sigma={1 + strength},drawtext="
        "text='WATCH AT MOVIES.EXAMPLE':fontcolor=yellow:fontsize=28:x=120:y=h-100:borderw=2[out]",
        [(0.0, bars @ matrix @ (MIRROR if strength else numpy.eye(3)))], speed=speed,
        encoder=["-b:v", ("400k", "250k")[strength]])


DEGRADATIONS = {
    "none": (1, lambda film, s: toned(film, "null")),
    "keystone 8, 15 %": (2, lambda film, s: placed(keystone((0.08, 0.15)[s]))),
    "overfilled by 10, 20 %": (2, lambda film, s: placed(about((1.1, 1.2)[s], 0.02, -0.02))),
    "filling 75, 55 %": (2, lambda film, s: placed(about((0.75, 0.55)[s], 0.05, -0.08))),
    "tilt of 2, 6 degrees": (2, lambda film, s: placed(turned((2, 6)[s], 0.88))),
    "mirror; with keystone": (2, lambda film, s: Degradation(
        f"[0:v]hflip,{place((about(1.0), keystone(0.08))[s])[0]}[out]",
        [(0.0, place((about(1.0), keystone(0.08))[s])[1] @ MIRROR)])),
    "barrel distortion": (2, barrel),
    "auto-exposure": (2, exposure),
    "crushed blacks": (2, lambda film, s: toned(
        film, levels(("(val-50)*1.2+16", "(val-90)*1.6+16")[s]))),
    "low light": (2, lambda film, s: toned(
        film, levels(("16+(val-16)*0.35", "16+(val-16)*0.15")[s],
                     f",noise=alls={(6, 8)[s]}:allf=t:all_seed=5"))),
    "defocus": (2, lambda film, s: toned(film, f"gblur=sigma={(3, 6)[s]}")),
    "noise": (2, lambda film, s: toned(film, f"noise=alls={(25, 60)[s]}:allf=t:all_seed=3")),
    "moire": (2, moire),
    "heads in front": (2, heads),
    "re-framed in the middle": (2, lambda film, s: in_halves(
        about(1.0), (about(0.85, 0.03, 0.02), about(0.6, -0.1, 0.05))[s], 9.5)),
    "shaken": (2, shaken),
    "letterbox 4:3, 9:16": (2, lambda film, s: (
        boxed(640, 480, 640, 360), boxed(360, 640, 360, 202))[s]),
    "pillarbox 2.39, 4:1": (2, lambda film, s: (
        boxed(860, 360, 640, 360), boxed(960, 240, 426, 240))[s]),
    "posted upright, on black, on blur": (2, posted),
    "wrong pixel aspect": (2, squeezed),
    "speed 0.98, 0.96": (2, lambda film, s: sped(film, (0.98, 0.96)[s])),
    "speed 1.02, 1.04": (2, lambda film, s: sped(film, (1.02, 1.04)[s])),
    "as 25, 26 frames/s": (2, pal),
    "blended to 30, 50": (2, lambda film, s: toned(
        film, f"minterpolate=fps={(30, 50)[s]}:mi_mode=blend")),
    "frames dropped": (2, dropped),
    "frames doubled": (2, doubled),
    "telecine, interlaced": (2, lambda film, s: toned(
        film, ("telecine=pattern=23", "fps=50,tinterlace=interleave_top")[s])),
    "overlays": (2, overlays),
    "subtitles": (2, subtitles),
    "300, 150 kb/s": (2, lambda film, s: toned(
        film, "null", encoder=["-b:v", ("300k", "150k")[s], "-maxrate", "400k", "-bufsize", "400k"])),
    "30, 10 frames/s of phone": (2, lambda film, s: toned(film, f"fps={(30, 10)[s]}")),
    "camera together": (2, cam),
    "group together": (2, group),
}
