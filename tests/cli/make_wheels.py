"""Writes tiny wheels: valid ones, and ones that lie in every way an archive can."""
import base64
import hashlib
import os
import struct
import zipfile
import zlib

TIME = (1980, 1, 1, 0, 0, 0)


def record_digest(content):
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def normalized(name):
    return name.replace("-", "_").replace(".", "_").lower()


def wheel_entries(name, version, files=None, requires=(), tag="py3-none-any", scripts=None):
    """The members of a valid wheel in order, as (path, content), RECORD last."""
    if files is None:
        files = {f"{normalized(name)}/__init__.py": f'__version__ = "{version}"\n'}
    info = f"{normalized(name)}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
    pure = "true" if tag.endswith("-any") else "false"
    entries = [(path, content.encode() if isinstance(content, str) else content)
               for path, content in files.items()]
    entries.append((f"{info}/METADATA", (metadata + "\n").encode()))
    entries.append((f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: {pure}\n"
                                     f"Tag: {tag}\n".encode()))
    if scripts:
        lines = "".join(f"{key} = {value}\n" for key, value in scripts.items())
        entries.append((f"{info}/entry_points.txt", ("[console_scripts]\n" + lines).encode()))
    record = "".join(f"{path},{record_digest(content)},{len(content)}\n" for path, content in entries)
    entries.append((f"{info}/RECORD", (record + f"{info}/RECORD,,\n").encode()))
    return entries


def zip_info(path, mode=0o100644, method=zipfile.ZIP_DEFLATED):
    info = zipfile.ZipInfo(path, TIME)
    info.compress_type = method
    info.external_attr = mode << 16
    info.create_system = 3
    return info


def write_zip(path, entries, method=zipfile.ZIP_DEFLATED, level=6):
    with zipfile.ZipFile(path, "w", method, compresslevel=level) as archive:
        for name, content in entries:
            mode = 0o100755 if ".so" in os.path.basename(name) or "/scripts/" in name else 0o100644
            archive.writestr(zip_info(name, mode, method), content)


def file_name(name, version, tag="py3-none-any"):
    return f"{normalized(name)}-{version}-{tag}.whl"


def make_wheel(directory, name, version, files=None, requires=(), tag="py3-none-any", scripts=None):
    """Writes a valid wheel and returns its path."""
    os.makedirs(directory, exist_ok=True)
    path = os.path.join(directory, file_name(name, version, tag))
    write_zip(path, wheel_entries(name, version, files, requires, tag, scripts))
    return path


def make_runtime(directory, version="0.23.1"):
    """Stand-ins for Cog's SDK and server, so that a build needs no real index."""
    make_wheel(directory, "cog", version,
               {"cog/__init__.py": "", "cog/server/__init__.py": "", "cog/server/http.py": ""},
               ["coglet<1.0,>=0.1.0", "typing_extensions>=4.0"])
    make_wheel(directory, "coglet", version, {"coglet/__init__.py": "", "coglet/_impl.abi3.so": b"\x7fELF"},
               tag="cp310-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64")
    make_wheel(directory, "typing_extensions", "4.12.2", {"typing_extensions.py": ""})


# --- hostile wheels: each function writes one called `hostile 1.0` and returns its path ---------------

NAME, VERSION = "hostile", "1.0"


def _path(directory):
    os.makedirs(directory, exist_ok=True)
    return os.path.join(directory, file_name(NAME, VERSION))


def _with_member(directory, member, content=b"x = 1\n", in_record=True, mode=0o100644):
    """A wheel valid but for one member, whose name or mode is as given."""
    path = _path(directory)
    entries = wheel_entries(NAME, VERSION)
    info, record = entries.pop()
    if in_record:
        record = f"{member},{record_digest(content)},{len(content)}\n".encode() + record
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(zip_info(name), data)
        odd = zip_info("placeholder", mode)
        odd.filename = member  # past ZipInfo's own cleaning
        archive.writestr(odd, content)
        archive.writestr(zip_info(info), record)
    return path


def parent_traversal(directory):
    return _with_member(directory, "../../outside.py")


def hidden_traversal(directory):
    return _with_member(directory, "hostile/../../../outside.py")


def absolute_name(directory):
    return _with_member(directory, "/etc/outside.py")


def backslash_name(directory):
    return _with_member(directory, "hostile\\..\\..\\outside.py")


def nul_name(directory):
    """`hostile/a.py` NUL `b.py`: readers that stop at the NUL see another name."""
    path = _with_member(directory, "hostile/a.py_b.py")
    with open(path, "rb") as file:
        data = file.read()
    with open(path, "wb") as file:
        file.write(data.replace(b"a.py_b.py", b"a.py\0b.py"))
    return path


def symlink_member(directory):
    return _with_member(directory, "hostile/link", b"/etc/passwd", mode=0o120777)


def data_traversal(directory):
    return _with_member(directory, f"{NAME}-{VERSION}.data/data/../../../outside.py")


def wrong_record(directory):
    path = _path(directory)
    entries = wheel_entries(NAME, VERSION)
    name, record = entries[-1]
    entries[-1] = (name, record.replace(record_digest(entries[0][1]).encode(), record_digest(b"other").encode()))
    write_zip(path, entries)
    return path


def wrong_record_size(directory):
    path = _path(directory)
    entries = wheel_entries(NAME, VERSION)
    name, record = entries[-1]
    digest = record_digest(entries[0][1]).encode()
    entries[-1] = (name, record.replace(digest + b"," + str(len(entries[0][1])).encode(), digest + b",99999"))
    write_zip(path, entries)
    return path


def no_record(directory):
    path = _path(directory)
    write_zip(path, wheel_entries(NAME, VERSION)[:-1])
    return path


def not_in_record(directory):
    return _with_member(directory, "hostile/extra.py", in_record=False)


def no_metadata(directory):
    path = _path(directory)
    write_zip(path, [entry for entry in wheel_entries(NAME, VERSION) if not entry[0].endswith("METADATA")])
    return path


def other_name_inside(directory):
    path = _path(directory)
    write_zip(path, wheel_entries("somebody-else", VERSION))
    return path


def future_wheel_version(directory):
    path = _path(directory)
    entries = dict(wheel_entries(NAME, VERSION))
    wheel = f"{NAME}-{VERSION}.dist-info/WHEEL"
    old = entries[wheel]
    entries[wheel] = old.replace(b"Wheel-Version: 1.0", b"Wheel-Version: 9.0")
    record = f"{NAME}-{VERSION}.dist-info/RECORD"
    entries[record] = entries[record].replace(record_digest(old).encode(), record_digest(entries[wheel]).encode())
    write_zip(path, entries.items())
    return path


def duplicate_member(directory):
    path = _path(directory)
    entries = wheel_entries(NAME, VERSION)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in [entries[0]] + entries:
            archive.writestr(zip_info(name), content)
    return path


def truncated(directory):
    path = _path(directory)
    write_zip(path, wheel_entries(NAME, VERSION, {"hostile/big.bin": os.urandom(40000)}))
    os.truncate(path, os.path.getsize(path) // 2)
    return path


def not_a_zip(directory):
    path = _path(directory)
    with open(path, "wb") as file:
        file.write(b"<html>404 not found</html>\n" * 20)
    return path


def empty_file(directory):
    path = _path(directory)
    open(path, "wb").close()
    return path


def _central_fields(data):
    """Offset of the first central directory header, and of the local header it names."""
    central = data.index(b"PK\x01\x02")
    return central, struct.unpack_from("<I", data, central + 42)[0]


def _patched(directory, patch, files=None):
    path = _path(directory)
    write_zip(path, wheel_entries(NAME, VERSION, files))
    with open(path, "rb") as file:
        data = bytearray(file.read())
    patch(data)
    with open(path, "wb") as file:
        file.write(data)
    return path


def bad_crc(directory):
    def patch(data):
        central, local = _central_fields(data)
        struct.pack_into("<I", data, central + 16, 0xDEADBEEF)
        struct.pack_into("<I", data, local + 14, 0xDEADBEEF)
    return _patched(directory, patch)


def corrupt_stream(directory):
    def patch(data):
        _, local = _central_fields(data)
        start = local + 30 + struct.unpack_from("<H", data, local + 26)[0]
        data[start:start + 8] = b"\xff" * 8
    return _patched(directory, patch, {"hostile/big.bin": bytes(range(256)) * 400})


def local_header_name(directory):
    def patch(data):
        _, local = _central_fields(data)
        data[local + 30:local + 30 + 7] = b"another"
    return _patched(directory, patch)


def local_header_method(directory):
    def patch(data):
        _, local = _central_fields(data)
        struct.pack_into("<H", data, local + 8, 0)
    return _patched(directory, patch)


def offset_outside(directory):
    def patch(data):
        central, _ = _central_fields(data)
        struct.pack_into("<I", data, central + 42, 0x7FFFFFF0)
    return _patched(directory, patch)


def overlapping_members(directory):
    """Two directory entries that share one local header: the quine way to a bomb."""
    def patch(data):
        first, local = _central_fields(data)
        second = data.index(b"PK\x01\x02", first + 4)
        struct.pack_into("<I", data, second + 42, local)
    return _patched(directory, patch)


def encrypted(directory):
    def patch(data):
        central, local = _central_fields(data)
        data[central + 8] |= 1
        data[local + 6] |= 1
    return _patched(directory, patch)


def size_lie(directory):
    """The directory says 10 bytes; 1 MiB comes out."""
    def patch(data):
        central, local = _central_fields(data)
        struct.pack_into("<I", data, central + 24, 10)
        struct.pack_into("<I", data, local + 22, 10)
    return _patched(directory, patch, {"hostile/zeros.bin": bytes(1 << 20)})


def bomb(directory):
    """A few kilobytes that say they are 4 GB."""
    def patch(data):
        central, local = _central_fields(data)
        struct.pack_into("<I", data, central + 24, 0xFFFFFFF0)
        struct.pack_into("<I", data, local + 22, 0xFFFFFFF0)
    return _patched(directory, patch, {"hostile/zeros.bin": bytes(1 << 20)})
