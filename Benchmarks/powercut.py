"""What is left of a folder when the power fails: a disk that keeps what was synced, and of the rest what it likes.

`record` runs a command under strace and gives what it and its children did to files below a folder. `Disk` takes
that to any moment and draws one of the states that the folder may be found in. The model is that of POSIX with a
file system that keeps the order of its names (ext4, XFS, btrfs): a write is safe when its file was synced after
it, a name when its folder was; unsynced writes of 4,096 bytes survive each by chance, in no order, unsynced
changes of names survive up to some moment and not beyond.
"""

import os
import re
import subprocess

CALLS = ("openat,creat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,fallocate,fsync,fdatasync,rename,renameat,"
         "renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlinkat,lseek,copy_file_range,sendfile,"
         "msync,execve,exit_group")
PAGE = 4096
CALL = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')


def _bytes(hexes):
    return bytes.fromhex(hexes.replace("\\x", ""))


def _lines(path):
    """The calls in the order of their ends; those that were interrupted are put together."""
    begun = {}
    with open(path, encoding="latin-1") as file:
        for line in file:
            line = line.rstrip("\n")
            process = line.split(" ", 1)[0]
            if line.endswith("<unfinished ...>"):
                begun[process] = line[: -len("<unfinished ...>")].rstrip()
            elif " resumed>" in line:
                yield begun.pop(process, "") + line.split(" resumed>", 1)[1]
            else:
                yield line


def record(command, folder, trace):
    """Runs a command; the list of its changes below `folder`, and how it ended.

    A change is (kind, path, ...): ("write", path, offset, bytes), ("size", path, bytes), ("sync", path),
    ("create", path), ("folder", path), ("rename", path, new), ("link", path, new), ("remove", path).
    """
    folder = os.path.realpath(folder)
    status = subprocess.run(["strace", "-f", "-y", "-xx", "-s", str(1 << 24), "-e", f"trace={CALLS}", "-e",
                             "signal=none", "-o", trace, *map(str, command)], capture_output=True, check=False)
    changes, places = [], {}
    for line in _lines(trace):
        found = CALL.match(line)
        if not found:
            continue
        _, call, arguments, result = found[1], found[2], found[3], int(found[4])
        if result < 0:
            continue
        texts = [_bytes(t[0]) for t in TEXT.findall(arguments)]
        # A descriptor comes with its path, in the same escapes.
        descriptor = re.match(r"(\d+)<((?:\\x[0-9a-f]{2})*)>", arguments)
        path = os.fsdecode(_bytes(descriptor[2])) if descriptor else None
        names = _names(arguments)
        if call in ("openat", "creat"):
            target = names[0]
            if target.startswith(folder + "/") and "O_CREAT" in arguments + ("O_CREAT" if call == "creat" else ""):
                changes.append(("create", target))
            if target.startswith(folder + "/") and ("O_TRUNC" in arguments or call == "creat"):
                changes.append(("size", target, 0))
            opened = re.search(r"= \d+<((?:\\x[0-9a-f]{2})*)>", line)
            if opened:
                places[os.fsdecode(_bytes(opened[1]))] = 0
        elif call in ("rename", "renameat", "renameat2", "link", "linkat"):
            if any(name.startswith(folder + "/") for name in names[:2]):
                changes.append(("link" if call.startswith("link") else "rename", names[0], names[1]))
        elif call in ("unlink", "unlinkat", "rmdir"):
            if names[0].startswith(folder + "/"):
                changes.append(("remove", names[0]))
        elif call in ("mkdir", "mkdirat"):
            if names[0].startswith(folder + "/"):
                changes.append(("folder", names[0]))
        elif path is None or not (path + "/").startswith(folder + "/"):
            continue
        elif call in ("fsync", "fdatasync"):
            changes.append(("sync", path))
        elif call == "ftruncate":
            changes.append(("size", path, int(arguments.rsplit(",", 1)[1])))
        elif call == "pwrite64":
            changes.append(("write", path, int(arguments.rsplit(",", 1)[1]), texts[0][:result]))
        elif call == "write":
            at = places.get(path, 0)
            changes.append(("write", path, at, texts[0][:result]))
            places[path] = at + result
        elif call == "lseek":
            places[path] = result
        elif call in ("writev", "pwritev", "pwritev2", "fallocate", "copy_file_range", "sendfile"):
            raise ValueError(f"a call that the model does not know: {line[:200]}")
    return changes, status


def _names(arguments):
    """The paths that a call names, whole."""
    names, base = [], None
    for part in re.split(r", (?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", arguments):
        folder = re.match(r"(?:AT_FDCWD|\d+)<((?:\\x[0-9a-f]{2})*)>", part)
        text = re.match(r'"((?:\\x[0-9a-f]{2})*)"', part)
        if folder:
            base = os.fsdecode(_bytes(folder[1]))
        elif text:
            name = os.fsdecode(_bytes(text[1]))
            names.append(os.path.normpath(os.path.join(base or os.getcwd(), name)))
    return names


class Disk:
    """A folder's contents, and what of them is safe."""

    def __init__(self, folder):
        self.folder = os.path.realpath(folder)
        self.number = 0
        # Files by number: [safe bytes, changes that are not safe]. Names: path to number, None for a folder.
        self.files, self.safe, self.pending = {}, {}, []
        for at, folders, names in os.walk(self.folder):
            for name in folders:
                self.safe[os.path.join(at, name)] = None
            for name in names:
                path = os.path.join(at, name)
                with open(path, "rb") as file:
                    self.files[self.number] = [file.read(), []]
                self.safe[path] = self.number
                self.number += 1
        self.names = dict(self.safe)

    def apply(self, change):
        kind, path = change[:2]
        if kind == "create":
            if path not in self.names:
                self.files[self.number] = [b"", []]
                self._name(("set", path, self.number))
                self.number += 1
        elif kind == "folder":
            self._name(("set", path, None))
        elif kind == "remove":
            self._name(("drop", path))
        elif kind == "rename":
            self._name(("move", path, change[2]))
        elif kind == "link":
            self._name(("set", change[2], self.names.get(path)))
        elif kind in ("write", "size"):
            number = self.names.get(path)
            if number is not None:
                self.files[number][1].append((kind, *change[2:]))
        elif kind == "sync":
            number = self.names.get(path, None)
            if path == self.folder or number is None:
                # A folder: its names are safe, and with them, in one journal, all that came before.
                last = max((n for n, c in enumerate(self.pending) if path in map(os.path.dirname, c[1:3][:_paths(c)])),
                           default=-1)
                for entry in self.pending[: last + 1]:
                    _rename(self.safe, entry)
                self.pending = self.pending[last + 1:]
            else:
                self.files[number] = [_contents(*self.files[number]), []]

    def _name(self, entry):
        _rename(self.names, entry)
        self.pending.append(entry)

    def write(self, folder, chooser):
        """Puts one of the possible states into an empty folder."""
        names = dict(self.safe)
        for entry in self.pending[: chooser.randint(0, len(self.pending))]:
            _rename(names, entry)
        # All or nothing of what is not safe, or any part of it.
        chance = chooser.choice([0, 1, 0.5, 0.5])
        for path in sorted(names):
            place = folder + path[len(self.folder):]
            if names[path] is None:
                os.makedirs(place, exist_ok=True)
                continue
            safe, changes = self.files[names[path]]
            kept = []
            for change in changes:
                if change[0] == "size":
                    if chooser.random() < chance:
                        kept.append(change)
                    continue
                offset, data = change[1:]
                at = 0
                while at < len(data):
                    step = PAGE - (offset + at) % PAGE
                    if chooser.random() < chance:
                        kept.append(("write", offset + at, data[at:at + step]))
                    at += step
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "wb") as file:
                file.write(_contents(safe, kept))


def _paths(entry):
    return 2 if entry[0] == "move" else 1


def _rename(names, entry):
    kind, path = entry[:2]
    if kind == "set":
        names[path] = entry[2]
    elif kind == "drop":
        names.pop(path, None)
    elif path in names:
        names[entry[2]] = names.pop(path)


def _contents(safe, changes):
    data = bytearray(safe)
    for change in changes:
        if change[0] == "size":
            size = change[1]
            data = data[:size] + bytes(max(0, size - len(data)))
        else:
            offset, part = change[1:]
            if offset > len(data):
                data += bytes(offset - len(data))
            data[offset:offset + len(part)] = part
    return bytes(data)
