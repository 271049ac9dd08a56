"""Pictures that ffmpeg lays over a clip: people in front of the camera, moiré, cards and credits."""

import numpy

# Heads sway a little; somebody in front gets up and leaves between the 8th and the 12th second.
HEADS_X = "-20+8*sin(t*0.7)"
HEADS_Y = "4*sin(t*0.9)"


def write(path, picture):
    """A picture of 8 bits, (height, width, 1 to 4), as PAM, which ffmpeg reads."""
    kind = {1: "GRAYSCALE", 3: "RGB", 4: "RGB_ALPHA"}[picture.shape[2]]
    with open(path, "wb") as file:
        file.write(f"P7\nWIDTH {picture.shape[1]}\nHEIGHT {picture.shape[0]}\nDEPTH "
                   f"{picture.shape[2]}\nMAXVAL 255\nTUPLTYPE {kind}\nENDHDR\n".encode())
        file.write(numpy.ascontiguousarray(picture, numpy.uint8).tobytes())
    return path


def heads(folder, strength):
    """Silhouettes of a row of heads, over the lowest fifth of a frame or, with one tall man, up to
    its middle."""
    wide, high = 680, 370
    y, x = numpy.mgrid[0:high, 0:wide].astype(float)
    dark = numpy.zeros((high, wide))
    row = [(80, 330, 38), (250, 345, 34), (420, 335, 40), (600, 340, 36)]
    if strength:
        row = [(90, 290, 62), (330, 215, 78), (560, 300, 66)]
    for middle, top, radius in row:
        head = ((x - middle) / radius) ** 2 + ((y - top) / (radius * 1.25)) ** 2
        shoulders = ((x - middle) / (radius * 2.1)) ** 2 + ((y - top - radius * 2.6)
                                                            / (radius * 1.5)) ** 2
        edge = numpy.minimum(head, shoulders)
        dark = numpy.maximum(dark, numpy.clip((1.05 - edge) / 0.1, 0, 1))
    picture = numpy.zeros((high, wide, 4))
    picture[..., :3] = 8
    picture[..., 3] = dark * 255
    return write(folder / f"heads-{strength}.pam", picture)


def moire(folder, width, height, strength):
    """What a camera sees of a screen of square cells with dark gaps: the grid is sampled by the
    camera's own, nearly as fine, and what remains of both is fringes. The grid is turned by half a
    degree and has a keystone, so that the fringes are bent, and red, green and blue cells lie side
    by side, so that they have colours."""
    depth = (0.35, 0.8)[strength]
    wide, high = width + 40, height + 40
    y, x = numpy.mgrid[0:high, 0:wide].astype(float)
    angle = numpy.radians(0.5)
    u = (x * numpy.cos(angle) - y * numpy.sin(angle)) * (1 + 0.00008 * y)
    v = (x * numpy.sin(angle) + y * numpy.cos(angle)) * (1 + 0.00005 * x)
    # Cells per sampling point: near 1, so that fringes are 30 to 60 points wide.
    pitch = 1.025
    colours = [cell(u * pitch + third / 3) * cell(v * pitch) for third in range(3)]
    picture = numpy.stack(colours, axis=2)
    picture = 1 - depth + depth * picture
    return write(folder / f"moire-{strength}.pam", picture * 255)


def cell(phase):
    """Light of a cell of the grid with dark gaps, seen through a point a third of a cell wide."""
    return 0.5 + 0.5 * numpy.cos(2 * numpy.pi * phase)
