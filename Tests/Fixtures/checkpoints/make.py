"""Writes the small PyTorch files of this folder without PyTorch: python3 make.py

The pickles have the form that torch.save gives them; the classes below only lend their names.
Storage "s0" is 0, 1, ... 11 as float32 and is shared by several tensors. The optimizer refers to
a storage that is in no file: a reader that touches it fails.
"""

import argparse
import collections
import io
import pickle
import struct
import sys
import types
import zipfile
import zlib

MODULES = {}


def module(name):
    if name not in MODULES:
        if "." in name:
            module(name.rpartition(".")[0])
        MODULES[name] = sys.modules[name] = types.ModuleType(name)
    return MODULES[name]


def named(module_name, name, kind):
    thing = kind(name, (), {}) if kind is type else kind
    thing.__module__, thing.__qualname__, thing.__name__ = module_name, name, name
    setattr(module(module_name), name, thing)
    return thing


def function(module_name, name):
    return named(module_name, name, lambda *arguments: None)


REBUILD = function("torch._utils", "_rebuild_tensor_v2")
REBUILD_1 = function("torch._utils", "_rebuild_tensor")
REBUILD_3 = function("torch._utils", "_rebuild_tensor_v3")
PARAMETER = function("torch._utils", "_rebuild_parameter")
FROM_TYPE = function("torch._tensor", "_rebuild_from_type_v2")
STORAGES = {
    kind: named("torch", kind + "Storage", type)
    for kind in ["Float", "Half", "BFloat16", "Double", "Long", "Int", "Short", "Char", "Byte", "Bool"]
}
UNTYPED = named("torch.storage", "UntypedStorage", type)
BFLOAT16 = function("torch", "bfloat16")
SUBCLASS = named("mylib.tensors", "FancyTensor", type)
UNKNOWN = named("mylib.schedule", "Cosine", type)


class Storage:
    def __init__(self, key, kind, data, size, part=None):
        self.key, self.kind, self.data, self.size, self.part = key, kind, data, size, part

    @property
    def count(self):
        return len(self.data) // self.size


class Reduced:
    def __init__(self, function, arguments):
        self.value = (function, arguments)

    def __reduce__(self):
        return self.value


class Instance:
    """Pickled as an object of a class with a dictionary of attributes."""

    def __init__(self, kind, state):
        self.kind, self.state = kind, state

    def __reduce__(self):
        return (self.kind, (), self.state)


def tensor(storage, offset, shape, stride):
    return Reduced(REBUILD, (storage, offset, shape, stride, False, collections.OrderedDict()))


class Pickler(pickle.Pickler):
    def __init__(self, file, protocol, legacy):
        super().__init__(file, protocol)
        self.legacy = legacy

    def persistent_id(self, thing):
        if not isinstance(thing, Storage):
            return None
        kind = UNTYPED if thing.kind == "Untyped" else STORAGES[thing.kind]
        identity = ("storage", kind, thing.key, "cpu", thing.count)
        return identity + (thing.part,) if self.legacy else identity


def dump(value, protocol=2, legacy=False):
    file = io.BytesIO()
    Pickler(file, protocol, legacy).dump(value)
    return file.getvalue()


s0 = Storage("s0", "Float", struct.pack("<12f", *range(12)), 4)
s1 = Storage("s1", "Long", struct.pack("<3q", 7, -8, 2**40), 8)
s2 = Storage("s2", "Bool", bytes([1, 0, 1]), 1)
s3 = Storage("s3", "Half", struct.pack("<2e", 0.5, -2), 2)
s4 = Storage("s4", "Untyped", bytes([0x80, 0x3F, 0x00, 0xC0]), 1)
s5 = Storage("s5", "Float", struct.pack("<600f", *([0.25] * 600)), 4)
never = Storage("never", "Float", bytes(4096), 4)


def state(legacy):
    members = [
        ("whole", tensor(s0, 0, (3, 4), (4, 1))),
        ("transposed", tensor(s0, 0, (4, 3), (1, 4))),
        ("columns", tensor(s0, 1, (3, 2), (4, 2))),
        ("tied", tensor(s0, 0, (3, 4), (4, 1))),
        ("last", tensor(s0, 11, (), ())),
        ("old", Reduced(REBUILD_1, (s0, 8, (2, 2), (2, 1)))),
        ("expanded", tensor(s0, 5, (2, 3), (0, 0))),
        ("empty", tensor(s0, 12, (0, 4), (4, 1))),
        ("longs", tensor(s1, 0, (3,), (1,))),
        ("flags", tensor(s2, 0, (3,), (1,))),
        ("halves", tensor(s3, 0, (2,), (1,))),
        ("parameter", Reduced(PARAMETER, (tensor(s0, 4, (4,), (1,)), True, collections.OrderedDict()))),
        ("constant", tensor(s5, 0, (20, 30), (30, 1))),
        ("steps", 3),
    ]
    if not legacy:
        members += [
            ("brains", Reduced(REBUILD_3, (s4, 0, (2,), (1,), False, collections.OrderedDict(), BFLOAT16))),
            ("fancy", Reduced(FROM_TYPE, (REBUILD, SUBCLASS, (s0, 2, (2,), (3,), False, collections.OrderedDict()), {}))),
        ]
    if legacy:
        part = Storage("s0", "Float", s0.data, 4, ("view", 4, 6))
        members.append(("part", tensor(part, 1, (2, 2), (2, 1))))
    return collections.OrderedDict(members)


def checkpoint(legacy):
    return {
        "epoch": 5,
        "model": state(legacy),
        "optimizer": {"state": {0: {"exp_avg": tensor(never, 0, (1024,), (1,)), "step": 9}}},
        "lr_scheduler": Instance(UNKNOWN, {"base": 0.1}),
        "meta": {"classes": ("cell", "other"), "palette": [[1, 2, 3]]},
        "args": argparse.Namespace(
            nheads=8, lr=1e-4, dilation=False, backbone="resnet50", resume=None, lr_steps=[1, 2],
            seed=2**70, two_stage=True),
    }


def archive(path, value, compression, protocol=2, storages=(s0, s1, s2, s3, s4, s5)):
    with zipfile.ZipFile(path, "w", compression) as file:
        def add(name, data):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = compression
            file.writestr(info, data)

        add("archive/data.pkl", dump(value, protocol))
        add("archive/byteorder", b"little")
        for storage in storages:
            add("archive/data/" + storage.key, storage.data)
        add("archive/version", b"3\n")


def legacy(path, value, storages):
    with open(path, "wb") as file:
        file.write(pickle.dumps(0x1950A86A20F9469CFC6C, 2))
        file.write(pickle.dumps(1001, 2))
        file.write(pickle.dumps({"protocol_version": 1001, "little_endian": True, "type_sizes": {}}, 2))
        file.write(dump(value, legacy=True))
        file.write(pickle.dumps([storage.key for storage in storages], 2))
        for storage in storages:
            file.write(struct.pack("<q", storage.count) + storage.data)


def packed(path):
    """Entries packed in every way that deflate has; their contents are given by a formula."""
    data = {
        "noise": bytes((i * i * 31 + (i >> 3) * 7) % 251 for i in range(20000)),
        "runs": b"".join(bytes([i % 256]) * (i % 300) for i in range(300)),
        "empty": b"",
        "one": b"x",
    }
    with open(path, "wb") as file:
        directory, count = b"", 0
        for name, content in data.items():
            for label, level, strategy in [
                ("stored", 0, zlib.Z_DEFAULT_STRATEGY), ("fast", 1, zlib.Z_DEFAULT_STRATEGY),
                ("best", 9, zlib.Z_DEFAULT_STRATEGY), ("fixed", 6, zlib.Z_FIXED),
                ("huffman", 6, zlib.Z_HUFFMAN_ONLY), ("rle", 6, zlib.Z_RLE)]:
                packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
                data_packed = packer.compress(content) + packer.flush()
                title = f"{name}-{label}".encode()
                fields = struct.pack(
                    "<HHHHHIIIHH", 20, 0, 8, 0, 33, zlib.crc32(content), len(data_packed),
                    len(content), len(title), 0)
                directory += (
                    b"PK\x01\x02" + struct.pack("<H", 20) + fields
                    + struct.pack("<HHHII", 0, 0, 0, 0, file.tell()) + title)
                file.write(b"PK\x03\x04" + fields + title + data_packed)
                count += 1
        start = file.tell()
        file.write(directory)
        file.write(b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), start, 0))


archive("stored.pth", checkpoint(False), zipfile.ZIP_STORED)
archive("deflated.pth", checkpoint(False), zipfile.ZIP_DEFLATED)
archive("bare.pth", state(False), zipfile.ZIP_STORED, protocol=5)
archive("lightning.pth", {"state_dict": state(False), "epoch": 1}, zipfile.ZIP_STORED)
archive("averaged.pth", {"model": {}, "ema": {"module": state(False), "updates": 3}}, zipfile.ZIP_STORED)
legacy("legacy.pth", checkpoint(True), [s0, s1, s2, s3, s5, never])
packed("packed.zip")
