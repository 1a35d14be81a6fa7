"""Who is to be erased, and whether a byte of them is left: for erase.sh.

  erase.py people N FILE            a table of N persons with names that stand nowhere else
  erase.py refs N                   their refs, as a field takes them
  erase.py left N PATH...           exits with 1, and says where, if one of their names is in a file
                                    below a path, as it is, in any case or in UTF-16, or in a member
                                    of a ZIP
"""

import sys
import zipfile
from pathlib import Path

# Long, so that no bytes look like them by chance.
FIRST = ["Xaveriusz", "Ylvalinde", "Zdenkoslava", "Quirinalis", "Brünhildis", "Øyvindarson", "Thaïsandra",
         "Wolfhartine", "Iphigenieta", "Ülkernazan"]
LAST = ["Quillfeather", "Zwingmannsen", "Hrdličková", "Övervollsen", "Mbekelwana", "Wojciechowicz", "Xhemajlitas",
        "Tzompantlis", "Køllgaardt", "Pfefferkuchen"]


def people(n):
    return [f"{FIRST[i % 10]} {LAST[i // 10 % 10]}" for i in range(n)]


def words(n):
    """In small letters, with accents and without: as an index of words has them."""
    found = {word.lower() for name in people(n) for word in name.split()}
    return found | {word.translate(str.maketrans("üöøïčáå", "uooicaa")) for word in found}


def needles(n):
    return sorted({word.encode(code) for word in words(n) for code in ("utf-8", "utf-16-le", "utf-16-be")})


def folded(data):
    """Bytes in small letters, those of two-byte letters of Latin among them."""
    data = data.lower()
    for big, small in zip("ÜÖØÏČÁ", "üöøïčá"):
        for code in ("utf-8", "utf-16-le", "utf-16-be"):
            data = data.replace(big.encode(code), small.encode(code))
    return data


def search(name, data, wanted):
    data = folded(data)
    found = [needle for needle in wanted if needle in data]
    if found:
        print(f"{name}: {found}")
    return bool(found)


def left(n, paths):
    wanted, any_left, files = needles(n), False, 0
    for path in paths:
        for file in [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file()):
            files += 1
            any_left |= search(file, file.read_bytes(), wanted)
            if zipfile.is_zipfile(file):
                with zipfile.ZipFile(file) as archive:
                    for member in archive.namelist():
                        any_left |= search(f"{file}: {member}", member.encode() + archive.read(member), wanted)
    if files == 0:
        sys.exit("there are no files")
    return any_left


what, n = sys.argv[1], int(sys.argv[2])
if what == "people":
    lines = ["name,e-mail,function,joined"]
    for i, name in enumerate(people(n)):
        lines.append(f"{name},{name.split()[1].lower()}{i}@example.org,Tester of {name.split()[0]},2025-01-0{i % 9 + 1}")
    Path(sys.argv[3]).write_text("\n".join(lines) + "\n", encoding="utf-8")
elif what == "refs":
    print("\n".join(f"P-{i + 2:03}" for i in range(n)))
else:
    sys.exit(left(n, [Path(p) for p in sys.argv[3:]]))
